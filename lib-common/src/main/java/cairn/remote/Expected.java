package cairn.remote;

import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Parts of far files that were asked for before they are needed, each kept until it was read once. Bounded: what is not
 * fetched for is forgotten when there is too much, the oldest first. For any number of threads.
 */
final class Expected {
    /** More than what the stretches are that a restore works on and waits for. */
    private static final long MOST_BYTES = 48L << 20;

    private record Part(String name, long offset) {
    }

    private final Map<Part, RangeCall> parts = new LinkedHashMap<>();
    private final Map<String, TreeMap<Long, RangeCall>> byName = new HashMap<>();
    private long bytes;

    /**
     * Makes room for a part.
     *
     * @return false if it is expected already or there is no room for it
     */
    synchronized boolean add(String name, long offset, RangeCall call) {
        if (call.length() > MOST_BYTES / 4 || covering(name, offset, call.length()) != null) {
            return false;
        }
        Iterator<Map.Entry<Part, RangeCall>> oldest = parts.entrySet().iterator();
        while (bytes + call.length() > MOST_BYTES && oldest.hasNext()) {
            Map.Entry<Part, RangeCall> old = oldest.next();
            if (!old.getValue().ended()) {
                return false; // on its way, and those behind it as well: it will be needed first
            }
            oldest.remove();
            forget(old.getKey(), old.getValue());
        }
        parts.put(new Part(name, offset), call);
        byName.computeIfAbsent(name, n -> new TreeMap<>()).put(offset, call);
        bytes += call.length();
        return true;
    }

    private void forget(Part part, RangeCall call) {
        bytes -= call.length();
        TreeMap<Long, RangeCall> ofFile = byName.get(part.name());
        ofFile.remove(part.offset());
        if (ofFile.isEmpty()) {
            byName.remove(part.name());
        }
    }

    private Part covering(String name, long offset, int length) {
        TreeMap<Long, RangeCall> ofFile = byName.get(name);
        Map.Entry<Long, RangeCall> before = ofFile == null ? null : ofFile.floorEntry(offset);
        return before != null && before.getKey() + before.getValue().length() >= offset + length ? new Part(name, before.getKey()) : null;
    }

    /** Reads from an expected part, waiting for it if need be; it is kept only if something behind it may be wanted. */
    boolean read(String name, long offset, byte[] buffer, int start, int length) throws IOException {
        Part part;
        RangeCall call;
        synchronized (this) {
            part = covering(name, offset, length);
            if (part == null) {
                return false;
            }
            call = parts.get(part);
            if (part.offset() + call.length() == offset + length) {
                parts.remove(part);
                forget(part, call);
            }
        }
        call.awaitAll();
        System.arraycopy(call.buffer(), call.start() + (int) (offset - part.offset()), buffer, start, length);
        return true;
    }
}
