package cairn.transfer;

import cairn.archive.Intake;
import cairn.format.ByteReader;
import cairn.record.RecordBody.CleanTime;
import cairn.stream.Frame;
import cairn.stream.PlainBackup;
import cairn.stream.PlainEnd;
import cairn.stream.PlainEntry;
import cairn.stream.PlainFrames;
import cairn.stream.StreamReader;
import cairn.tree.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Gives what the frames of a plain stream hold to an intake; {@link PlainFrames} has the grammar. */
final class IntakeFeed {
    private static final byte[] NONE = new byte[0];
    /** More than any file system gives to one entry and any memory should hold. */
    private static final int MOST_XATTRS = 64 << 20;
    /** More than any file system holds. */
    private static final long LARGEST_FILE = 1L << 62;

    private final StreamReader in;
    private final Intake intake;
    /** An entry that XATTR frames may still follow. */
    private PlainEntry waiting;
    private int xattrBytes;
    private Intake.FileContent file;
    /** Whether content follows that is not needed: an older backup has it. */
    private boolean passing;
    /** Bytes of the file so far. */
    private long size;
    private PlainEnd end;
    private long entries;

    IntakeFeed(StreamReader in, Intake intake) {
        this.in = in;
        this.intake = intake;
    }

    void take(Frame frame) throws IOException {
        if (end != null) {
            throw in.wrong("goes on behind its end");
        }
        if (frame.type() == PlainFrames.XATTR) {
            xattrBytes += frame.payload().length;
            if (waiting == null || xattrBytes > MOST_XATTRS) {
                throw in.wrong("holds an extended attribute of no entry");
            }
            waiting = waiting.with(frame.reader("an extended attribute"));
            return;
        }
        settle();
        boolean content = frame.type() >= PlainFrames.DATA && frame.type() <= PlainFrames.DROP;
        if (content != (file != null || passing)) {
            throw in.wrong(content ? "holds content of no file" : "ends a file before its content");
        }
        ByteReader reader = frame.reader("a frame of the type " + frame.type());
        switch (frame.type()) {
            case PlainFrames.ENTRY -> {
                waiting = PlainEntry.decode(reader);
                xattrBytes = 0;
                entries++;
            }
            case PlainFrames.LINK -> {
                entries++;
                byte[] path = reader.string();
                intake.link(path, reader.string());
                reader.end();
            }
            case PlainFrames.PROBLEM -> {
                byte[] path = reader.string();
                intake.problem(path, new String(reader.string(), StandardCharsets.UTF_8));
                reader.end();
            }
            case PlainFrames.CLEAN -> {
                intake.clean(new CleanTime((int) reader.varint(), (int) reader.varint(), time(reader), reader.signed()));
                reader.end();
            }
            case PlainFrames.NAME -> name(reader);
            case PlainFrames.BACKUP_END -> {
                end = PlainEnd.decode(reader);
                if (end.entries() != entries) {
                    throw in.wrong("has " + entries + " entries and says that it has " + end.entries());
                }
            }
            default -> content(frame, reader);
        }
    }

    private void content(Frame frame, ByteReader reader) throws IOException {
        switch (frame.type()) {
            case PlainFrames.DATA -> {
                grow(frame.payload().length);
                if (!passing) {
                    file.data(frame.payload(), 0, frame.payload().length);
                }
            }
            case PlainFrames.HOLE -> {
                long length = reader.length();
                reader.end();
                grow(length);
                if (!passing) {
                    file.hole(length);
                }
            }
            case PlainFrames.DONE, PlainFrames.DROP -> {
                reader.end();
                if (!passing && frame.type() == PlainFrames.DONE) {
                    file.end();
                } else if (!passing) {
                    file.drop();
                }
                file = null;
                passing = false;
            }
            default -> throw in.wrong("holds a frame of the type " + frame.type() + ", which this version does not know");
        }
    }

    private void grow(long length) throws IOException {
        if (length > LARGEST_FILE - size) {
            throw in.wrong("holds a file that is larger than any can be");
        }
        size += length;
    }

    private void name(ByteReader reader) throws IOException {
        int kind = reader.u8();
        long id = reader.varint() & 0xFFFFFFFFL;
        byte[] name = reader.string();
        reader.end();
        if (kind == 0) {
            intake.user(id, name);
        } else {
            intake.group(id, name);
        }
    }

    /** Gives the entry that waits to the intake: all its attributes have come. */
    private void settle() throws IOException {
        PlainEntry entry = waiting;
        waiting = null;
        if (entry == null) {
            return;
        }
        switch (entry.type()) {
            case FILE -> {
                size = 0;
                passing = intake.unchanged(entry.path(), entry.attributes(), entry.stat(), entry.size());
                file = passing ? null : intake.file(entry.path(), entry.attributes(), entry.stat());
            }
            case DIRECTORY -> intake.directory(entry.path(), entry.attributes(), entry.stat());
            case SYMLINK -> intake.entry(entry.path(), new Entry.Symlink(NONE, entry.attributes(), entry.target()), entry.stat());
            default -> intake.entry(entry.path(), new Entry.Special(NONE, entry.attributes(), entry.type(), entry.major(), entry.minor()), entry.stat());
        }
    }

    private static Instant time(ByteReader reader) throws IOException {
        return PlainBackup.time(reader);
    }

    /** All frames have come, and the trailer was right. */
    void end() throws IOException {
        if (end == null) {
            throw in.wrong("is whole, but its backup has no end");
        }
        if (end.partial()) {
            intake.partial();
        }
    }
}
