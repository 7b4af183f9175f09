package cairn.cli;

import cairn.posix.RawString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Supplier;

/** Builds lines of text for people. Ends each with a newline, or with a zero byte under {@code -0}. */
public final class Line {
    private final OutputStream to;
    private final boolean escape;
    private final int terminator;
    private final Supplier<ZoneId> zone;
    private boolean open;

    /** @param zone asked only when a time is printed: loading the zones costs time */
    Line(OutputStream to, boolean escape, int terminator, Supplier<ZoneId> zone) {
        this.to = to;
        this.escape = escape;
        this.terminator = terminator;
        this.zone = zone;
    }

    /** Text of the program's own; lone surrogates of {@link RawString} become their bytes. */
    public Line text(String text) throws IOException {
        return bytes(ascii(text) ? text.getBytes(StandardCharsets.ISO_8859_1) : RawString.encode(text));
    }

    /** Text in at least so many columns, filled up on the right. */
    public Line left(String text, int width) throws IOException {
        return text(text).pad(width - Text.width(text));
    }

    /** Text in at least so many columns, filled up on the left. */
    public Line right(String text, int width) throws IOException {
        return pad(width - Text.width(text)).text(text);
    }

    /**
     * A name as it is stored. On a terminal control characters and what is not UTF-8 are shown as escapes, since a
     * hostile name could otherwise command the terminal; into a pipe or file the bytes go as they are.
     */
    public Line name(byte[] raw) throws IOException {
        return escape ? text(Text.printable(raw)) : bytes(raw);
    }

    /** A moment in local time. */
    public Line time(Instant time) throws IOException {
        return text(Time.screen(time, zone.get()));
    }

    /** A number of bytes in IEC units, right-aligned. */
    public Line size(long bytes) throws IOException {
        return right(Sizes.format(bytes), 10);
    }

    /** Ends the line; the last line of an event ends by itself. */
    public Line end() throws IOException {
        to.write(terminator);
        open = false;
        return this;
    }

    void endIfOpen() throws IOException {
        if (open) end();
    }

    private Line pad(int columns) throws IOException {
        for (int i = 0; i < columns; i++) to.write(' ');
        open = true;
        return this;
    }

    private Line bytes(byte[] bytes) throws IOException {
        to.write(bytes);
        open = true;
        return this;
    }

    private static boolean ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7F) return false;
        }
        return true;
    }
}
