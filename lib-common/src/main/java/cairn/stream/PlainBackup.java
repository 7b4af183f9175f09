package cairn.stream;

import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the backup of a plain stream is called.
 *
 * <pre>
 * host, name, kind, version   string each, UTF-8; as in a record
 * paths                       varint count, string each: absolute, raw bytes
 * tags                        varint count, string each, UTF-8
 * time                        seconds signed, nanoseconds varint: of the backup
 * </pre>
 */
public record PlainBackup(String host, String name, String kind, String version, List<byte[]> paths, List<String> tags, Instant time) {
    private static final int MOST_LISTED = 1 << 16;

    public PlainBackup {
        paths = List.copyOf(paths);
        tags = List.copyOf(tags);
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter(256);
        for (String text : List.of(host, name, kind, version)) {
            out.string(text.getBytes(StandardCharsets.UTF_8));
        }
        out.varint(paths.size());
        paths.forEach(out::string);
        out.varint(tags.size());
        tags.forEach(tag -> out.string(tag.getBytes(StandardCharsets.UTF_8)));
        return out.signed(time.getEpochSecond()).varint(time.getNano()).toBytes();
    }

    public static PlainBackup decode(ByteReader in) throws DamagedException {
        String host = text(in);
        String name = text(in);
        String kind = text(in);
        String version = text(in);
        List<byte[]> paths = new ArrayList<>();
        for (int left = in.varint(Math.min(MOST_LISTED, in.remaining())); left > 0; left--) {
            paths.add(in.string());
        }
        List<String> tags = new ArrayList<>();
        for (int left = in.varint(Math.min(MOST_LISTED, in.remaining())); left > 0; left--) {
            tags.add(text(in));
        }
        Instant time = time(in);
        in.end();
        return new PlainBackup(host, name, kind, version, paths, tags, time);
    }

    private static String text(ByteReader in) throws DamagedException {
        return new String(in.string(), StandardCharsets.UTF_8);
    }

    public static Instant time(ByteReader in) throws DamagedException {
        long seconds = in.signed();
        int nanos = in.varint(999_999_999);
        if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
            throw in.damaged("holds an impossible time");
        }
        return Instant.ofEpochSecond(seconds, nanos);
    }
}
