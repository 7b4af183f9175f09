package cairn.independent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A backup's record: docs/format.md, "Records". */
final class IndependentRecord {
    final long sequence;
    final byte[] previous;
    final byte[] id;
    final String session;
    final String tree;
    final String stat;
    final long flags;
    final long entries;
    final long bytes;
    final byte[] group;
    final List<byte[]> tagTokens = new ArrayList<>();
    final String host;
    final String name;
    final String kind;
    final List<String> paths = new ArrayList<>();
    final List<String> tags = new ArrayList<>();
    final Map<String, Long> statistics = new TreeMap<>();

    IndependentRecord(Path path, IndependentBlobs blobs) throws IOException {
        StoredRepositoryFile file = StoredRepositoryFile.read(path, 6);
        id = file.hash();
        Cursor in = file.body();
        Check.that(in.u8() == 1, "form");
        int start = in.position();
        sequence = in.u64();
        previous = in.take(32);
        session = HexFormat.of().formatHex(in.take(16));
        tree = HexFormat.of().formatHex(in.take(32));
        stat = HexFormat.of().formatHex(in.take(32));
        in.u64();
        Check.that(in.u32() < 1_000_000_000L, "nanoseconds");
        flags = in.u32();
        entries = in.u64();
        bytes = in.u64();
        in.u64();
        group = in.take(16);
        for (long left = in.varint(); left > 0; left--) {
            tagTokens.add(in.take(16));
        }
        byte[] head = Arrays.copyOfRange(file.bytes(), start, in.position());
        Cursor b = new Cursor(body(in, head, blobs));
        in.end();
        host = b.text();
        name = b.text();
        kind = b.text();
        b.text();
        for (long left = b.varint(); left > 0; left--) {
            paths.add(IndependentTree.latin(b.string()));
        }
        for (long left = b.varint(); left > 0; left--) {
            tags.add(b.text());
        }
        rest(b);
        b.end();
    }

    private static byte[] body(Cursor in, byte[] head, IndependentBlobs blobs) throws IOException {
        if (in.u8() != 1) {
            return in.string();
        }
        byte[] session = blobs.sessionKey(in);
        byte[] key = Ciphers.hkdf(session, in.take(32), "cairn record v1", 32);
        return Ciphers.open(key, new byte[12], head, in.string());
    }

    /** Times, names of users and groups, clean times, statistics, settings, problems. */
    private void rest(Cursor b) throws IOException {
        b.time();
        b.time();
        for (int map = 0; map < 2; map++) {
            for (long left = b.varint(); left > 0; left--) {
                b.varint();
                b.string();
            }
        }
        for (long left = b.varint(); left > 0; left--) {
            b.varint();
            b.varint();
            b.time();
            b.signed();
        }
        for (long left = b.varint(); left > 0; left--) {
            statistics.put(b.text(), b.varint());
        }
        for (long left = b.varint(); left > 0; left--) {
            b.string();
            b.string();
        }
        for (long left = b.varint(); left > 0; left--) {
            b.varint();
            b.string();
        }
    }

    static byte[] token(IndependentKeys keys, String purpose, String text) {
        byte[] key = Ciphers.hkdf(keys.naming, new byte[0], "cairn token v1 " + purpose, 32);
        return Ciphers.blake3(key, 16, text.getBytes(StandardCharsets.UTF_8));
    }
}
