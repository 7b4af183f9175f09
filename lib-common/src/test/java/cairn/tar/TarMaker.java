package cairn.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Makes archives by hand, block by block, also such as no program writes. Texts are one byte a character. */
public final class TarMaker {
    public static final int BLOCK = 512;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public static byte[] raw(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A header of the ustar format, altered before its sum is made. */
    public TarMaker header(String name, char type, long size, Consumer<byte[]> change) {
        byte[] block = new byte[BLOCK];
        put(block, 0, name);
        put(block, 100, "0000640\0");
        put(block, 108, "0000007\0");
        put(block, 116, "0000011\0");
        put(block, 124, String.format("%011o\0", size));
        put(block, 136, "00000000144\0");
        block[156] = (byte) type;
        put(block, 257, "ustar\00000");
        put(block, 265, "user");
        put(block, 297, "group");
        change.accept(block);
        sum(block);
        out.writeBytes(block);
        return this;
    }

    public TarMaker header(String name, char type, long size) {
        return header(name, type, size, block -> { });
    }

    public static void put(byte[] block, int at, String text) {
        byte[] bytes = raw(text);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    /** Makes the sum of a header right. */
    public static void sum(byte[] block) {
        sum(block, 0);
    }

    public static void sum(byte[] archive, int at) {
        Arrays.fill(archive, at + 148, at + 156, (byte) ' ');
        int sum = 0;
        for (int i = at; i < at + BLOCK; i++) {
            sum += archive[i] & 0xFF;
        }
        put(archive, at + 148, String.format("%06o\0 ", sum));
    }

    /** A file with its content. */
    public TarMaker file(String name, String content) {
        return header(name, '0', content.length()).content(content);
    }

    public TarMaker folder(String name) {
        return header(name, '5', 0);
    }

    public TarMaker link(char type, String name, String target) {
        return header(name, type, 0, block -> put(block, 157, target));
    }

    /** Content, filled up to whole blocks. */
    public TarMaker content(String content) {
        out.writeBytes(raw(content));
        out.writeBytes(new byte[-content.length() & BLOCK - 1]);
        return this;
    }

    /** An extended header of pax: {@code x} for the next member, {@code g} for all. */
    public TarMaker pax(char type, String... records) {
        StringBuilder all = new StringBuilder();
        for (String record : records) {
            int rest = record.length() + 2;
            int length = rest + 1;
            while (rest + Integer.toString(length).length() != length) {
                length = rest + Integer.toString(length).length();
            }
            all.append(length).append(' ').append(record).append('\n');
        }
        return header("PaxHeaders/x", type, all.length()).content(all.toString());
    }

    public TarMaker pax(String... records) {
        return pax('x', records);
    }

    /** A long name or target as GNU tar has it. */
    public TarMaker gnuLong(char type, String name) {
        return header("././@LongLink", type, name.length() + 1).content(name + "\0");
    }

    public TarMaker zeros(int count) {
        out.writeBytes(new byte[count]);
        return this;
    }

    /** The two blocks at the end. */
    public TarMaker end() {
        return zeros(2 * BLOCK);
    }

    public byte[] bytes() {
        return out.toByteArray();
    }
}
