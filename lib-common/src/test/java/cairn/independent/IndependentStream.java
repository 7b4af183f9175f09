package cairn.independent;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Lists a stream: docs/stream.md. Holds all of it in memory. */
final class IndependentStream {
    /** Of a sealed stream: the files, by their names, in order. */
    final Map<String, byte[]> files = new LinkedHashMap<>();
    /** Of a plain stream: the entries, by their paths, one char a byte. */
    final Map<String, Entry> entries = new TreeMap<>();
    final byte[] repository;
    final int kind;
    String host;
    private int next;
    private Entry open;

    /** An entry; {@code content} is null unless it is a file. */
    static final class Entry {
        int type;
        int mode;
        long uid;
        long gid;
        long seconds;
        long nanos;
        String target;
        Map<String, byte[]> xattrs = new TreeMap<>();
        ByteArrayOutputStream content;
    }

    IndependentStream(byte[] stream) {
        Cursor in = new Cursor(stream);
        Check.same(HexFormat.of().parseHex("89435354524d0d0a"), in.take(8), "magic");
        Check.that(in.u8() == 1, "version");
        kind = in.u8();
        Check.that(in.u16() == 0, "zero");
        repository = in.take(16);
        Check.that(in.u32() == 0, "zero");
        int at = 32;
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        int fileKind = 0;
        boolean ended = false;
        while (!ended) {
            int length = (int) new Cursor(stream, at + 5, at + 9).u32();
            Cursor frame = new Cursor(stream, at, at + 9 + length + 4);
            int type = frame.u8();
            Check.that(frame.u32() == next++, "number");
            frame.u32();
            byte[] payload = frame.take(length);
            CRC32C check = new CRC32C();
            check.update(stream, at, 9 + length);
            Check.that(frame.u32() == check.getValue(), "check");
            Cursor body = new Cursor(payload);
            switch (type) {
                case 1 -> {
                    Check.same(Ciphers.blake3(null, 32, Arrays.copyOf(stream, at)), payload, "hash");
                    ended = true;
                }
                case 16 -> {
                    fileKind = body.u8();
                    file.reset();
                }
                case 17 -> file.writeBytes(payload);
                case 18 -> {
                    String name = text(string(body));
                    StoredRepositoryFile stored = StoredRepositoryFile.of(file.toByteArray(), fileKind);
                    Check.same(repository, stored.repository(), "repository");
                    String base = name.substring(name.lastIndexOf('/') + 1);
                    Check.that(name.startsWith(StoredRepositoryFile.FOLDERS[fileKind] + "/"), name);
                    Check.that(fileKind == 7 || base.equals(HexFormat.of().formatHex(stored.hash())), name + " is misnamed");
                    files.put(name, stored.bytes());
                }
                case 19 -> file.reset();
                case 20 -> Check.that(length == 32 && files.isEmpty(), "base");
                default -> plain(type, body, payload);
            }
            at += 9 + length + 4;
        }
        Check.that(at == stream.length, "bytes behind the trailer");
    }

    private void plain(int type, Cursor in, byte[] payload) {
        switch (type) {
            case 32 -> host = text(string(in));
            case 33 -> entry(in);
            case 34 -> open.xattrs.put(text(string(in)), string(in));
            case 35 -> open.content.writeBytes(payload);
            case 36 -> open.content.writeBytes(new byte[(int) in.varint()]);
            case 37 -> open = null;
            case 38 -> entries.values().remove(open);
            case 39, 40, 41 -> { }
            case 42 -> {
                in.varint();
                Check.that(in.varint() == entries.size(), "entries");
            }
            case 43 -> entries.put(text(string(in)), entries.get(text(string(in))));
            default -> Check.that(false, "type " + type);
        }
    }

    private void entry(Cursor in) {
        open = new Entry();
        entries.put(text(string(in)), open);
        int head = in.u8();
        open.type = head & 7;
        open.mode = (int) in.varint();
        open.uid = in.varint();
        open.gid = in.varint();
        open.seconds = in.signed();
        open.nanos = in.varint();
        if ((head & 8) != 0) {
            in.take(16);
        }
        if ((head & 16) != 0) {
            in.varint();
            in.varint();
            in.varint();
            in.signed();
            in.varint();
        }
        in.varint();
        in.varint();
        for (long left = in.varint(); left > 0; left--) {
            open.xattrs.put(text(string(in)), string(in));
        }
        switch (open.type) {
            case 1 -> {
                in.varint();
                open.content = new ByteArrayOutputStream();
            }
            case 3 -> open.target = text(string(in));
            case 6, 7 -> {
                in.varint();
                in.varint();
            }
            default -> { }
        }
    }

    private static byte[] string(Cursor in) {
        return in.take((int) in.varint());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
