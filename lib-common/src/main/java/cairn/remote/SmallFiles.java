package cairn.remote;

import cairn.format.Hash;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The content of small files that came along with a listing, or was asked for with one, each kept until it was read once
 * (whoever needs it twice remembers it). Bounded. For any number of threads.
 */
final class SmallFiles {
    private static final long MOST_BYTES = 16L << 20;
    private static final int USUAL = 1 << 10;

    private record Held(byte[] content, CollectCall call) {
        long bytes() {
            return content != null ? content.length : USUAL;
        }
    }

    private final Map<String, Held> held = new LinkedHashMap<>();
    private long bytes;

    synchronized void put(String name, byte[] content) {
        hold(name, new Held(content, null));
    }

    /** Notes that a file was asked for. @return false if there is no room for it */
    synchronized boolean expect(String name, CollectCall call) {
        if (bytes + USUAL > MOST_BYTES || held.containsKey(name)) {
            return false;
        }
        hold(name, new Held(null, call));
        return true;
    }

    private void hold(String name, Held file) {
        Held before = held.put(name, file);
        bytes += file.bytes() - (before == null ? 0 : before.bytes());
        for (Iterator<Held> oldest = held.values().iterator(); bytes > MOST_BYTES && oldest.hasNext();) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }

    synchronized boolean has(String name) {
        return held.containsKey(name);
    }

    synchronized void forget(String name) {
        Held file = held.remove(name);
        if (file != null) {
            bytes -= file.bytes();
        }
    }

    /** The content of a file, waiting for it if need be; null if it is not here. */
    byte[] take(String name) throws IOException {
        Held file;
        synchronized (this) {
            file = held.remove(name);
            if (file == null) {
                return null;
            }
            bytes -= file.bytes();
        }
        return file.content() != null ? file.content() : file.call().all();
    }
}
