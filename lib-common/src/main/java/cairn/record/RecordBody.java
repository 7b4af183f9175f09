package cairn.record;

import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The part of a record that is sealed: names, and what else tells about the source.
 *
 * <pre>
 * host, name, kind, version    string each, UTF-8; name may be empty; kind is files, stream or image
 * paths      varint count, string each       raw bytes, absolute
 * tags       varint count, string each       UTF-8
 * started    signed seconds, varint nanos    by the writer's clock
 * ended      the same
 * users      varint count, then per user: varint uid, string name (raw bytes)
 * groups     the same with gids
 * clean      varint count, then per file system: varint major, varint minor, signed seconds, varint nanos,
 *            signed margin in ns: {@link CleanTime}
 * statistics varint count, then per figure: string name (ASCII), varint value
 * problems   varint count, then per problem: string path (raw bytes), string message (UTF-8); the first thousand
 * extra      varint count, then per field: varint number, string value; none in version 1, unknown ones are passed over
 * </pre>
 */
public record RecordBody(String host, String name, String kind, String version, List<byte[]> paths, List<String> tags,
        Instant started, Instant ended, Map<Long, byte[]> users, Map<Long, byte[]> groups, List<CleanTime> clean,
        Map<String, Long> statistics, List<Problem> problems) {
    public static final int MOST_PROBLEMS = 1000;

    /**
     * When the backup had made a file system clean: later stores to its files move ctime past this time.
     *
     * @param marginNanos how far ctime may lag behind the clock, by the granularity of the file system;
     *                    negative if the file system's ctime cannot be relied on at all
     */
    public record CleanTime(int deviceMajor, int deviceMinor, Instant time, long marginNanos) {
    }

    /** An entry that could not be saved as it is. */
    public record Problem(byte[] path, String message) {
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(1024);
        text(out, host);
        text(out, name);
        text(out, kind);
        text(out, version);
        out.varint(paths.size());
        paths.forEach(out::string);
        out.varint(tags.size());
        tags.forEach(tag -> text(out, tag));
        time(out, started);
        time(out, ended);
        names(out, users);
        names(out, groups);
        out.varint(clean.size());
        for (CleanTime c : clean) {
            out.varint(c.deviceMajor & 0xFFFFFFFFL).varint(c.deviceMinor & 0xFFFFFFFFL);
            time(out, c.time);
            out.signed(c.marginNanos);
        }
        out.varint(statistics.size());
        statistics.forEach((figure, value) -> {
            text(out, figure);
            out.varint(value);
        });
        out.varint(problems.size());
        for (Problem problem : problems) {
            out.string(problem.path);
            text(out, problem.message);
        }
        return out.varint(0).toBytes();
    }

    static RecordBody decode(byte[] sealed, int length, String what) throws DamagedException {
        ByteReader in = new ByteReader(sealed, 0, length, what);
        String host = text(in);
        String name = text(in);
        String kind = text(in);
        String version = text(in);
        List<byte[]> paths = new ArrayList<>();
        for (int left = in.varint(in.remaining()); left > 0; left--) {
            paths.add(in.string());
        }
        List<String> tags = new ArrayList<>();
        for (int left = in.varint(in.remaining()); left > 0; left--) {
            tags.add(text(in));
        }
        Instant started = time(in);
        Instant ended = time(in);
        Map<Long, byte[]> users = names(in);
        Map<Long, byte[]> groups = names(in);
        List<CleanTime> clean = new ArrayList<>();
        for (int left = in.varint(in.remaining()); left > 0; left--) {
            clean.add(new CleanTime((int) in.varint(), (int) in.varint(), time(in), in.signed()));
        }
        Map<String, Long> statistics = new TreeMap<>();
        for (int left = in.varint(in.remaining()); left > 0; left--) {
            statistics.put(text(in), in.varint());
        }
        List<Problem> problems = new ArrayList<>();
        for (int left = in.varint(in.remaining()); left > 0; left--) {
            problems.add(new Problem(in.string(), text(in)));
        }
        for (int left = in.varint(in.remaining()); left > 0; left--) {
            in.varint();
            in.string();
        }
        in.end();
        return new RecordBody(host, name, kind, version, paths, tags, started, ended, users, groups, clean, statistics, problems);
    }

    private static void text(ByteWriter out, String text) {
        out.string(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(ByteReader in) throws DamagedException {
        return new String(in.string(), StandardCharsets.UTF_8);
    }

    private static void time(ByteWriter out, Instant time) {
        out.signed(time.getEpochSecond()).varint(time.getNano());
    }

    private static Instant time(ByteReader in) throws DamagedException {
        long seconds = in.signed();
        return RecordHead.instant(seconds, in.varint(999_999_999), in);
    }

    private static void names(ByteWriter out, Map<Long, byte[]> names) {
        out.varint(names.size());
        names.forEach((id, name) -> out.varint(id).string(name));
    }

    private static Map<Long, byte[]> names(ByteReader in) throws DamagedException {
        Map<Long, byte[]> names = new TreeMap<>();
        for (int left = in.varint(in.remaining()); left > 0; left--) {
            names.put(in.varint(), in.string());
        }
        return names;
    }
}
