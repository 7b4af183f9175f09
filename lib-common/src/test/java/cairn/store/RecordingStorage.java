package cairn.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Remembers which bytes of which file were read and how often each file was asked for, to prove what was looked at. */
public final class RecordingStorage extends ForwardingStorage {

    /** Bytes of a file, from {@code from} up to but not including {@code to}. */
    public record Range(String name, long from, long to) {}

    private final Map<String, TreeMap<Long, Long>> read = new TreeMap<>();
    private final Map<String, Long> bytes = new TreeMap<>();

    public RecordingStorage(Storage inner) {
        super(inner);
    }

    private synchronized void record(String name, long from, long to) {
        bytes.merge(name, to - from, Long::sum);
        TreeMap<Long, Long> ranges = read.computeIfAbsent(name, n -> new TreeMap<>());
        if (from == to) {
            return;
        }
        Map.Entry<Long, Long> near = ranges.floorEntry(to);
        while (near != null && near.getValue() >= from) {
            from = Math.min(from, near.getKey());
            to = Math.max(to, near.getValue());
            ranges.remove(near.getKey());
            near = ranges.floorEntry(to);
        }
        ranges.put(from, to);
    }

    /** The names of all files of which something was read. */
    public synchronized List<String> names() {
        return List.copyOf(read.keySet());
    }

    /** How many bytes of a file were read; what was read twice counts twice. */
    public synchronized long bytesRead(String name) {
        return bytes.getOrDefault(name, 0L);
    }

    /** Every byte of every file below {@code folder} that is there now and was not read yet; empty is what verify wants. */
    public synchronized List<Range> unread(String folder) throws IOException {
        List<Range> missed = new ArrayList<>();
        inner.list(folder, file -> {
            long at = 0;
            for (var range : read.getOrDefault(file.name(), new TreeMap<>()).entrySet()) {
                if (range.getKey() > at) {
                    missed.add(new Range(file.name(), at, range.getKey()));
                }
                at = range.getValue();
            }
            if (at < file.size()) {
                missed.add(new Range(file.name(), at, file.size()));
            }
        });
        return missed;
    }

    /** Forgets what was read so far. */
    public synchronized void reset() {
        read.clear();
        bytes.clear();
    }

    @Override
    public void read(String name, long offset, byte[] buffer, int start, int length) throws IOException {
        inner.read(name, offset, buffer, start, length);
        record(name, offset, offset + length);
    }

    @Override
    public byte[] readAll(String name, int limit) throws IOException {
        byte[] content = inner.readAll(name, limit);
        record(name, 0, content.length);
        return content;
    }

    @Override
    public void close() {}
}
