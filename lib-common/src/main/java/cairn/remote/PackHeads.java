package cairn.remote;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Heads of packs. Whoever reads a blob of a pack needs the pack's head as well, so it is asked for together with the first
 * of them. For any number of threads.
 */
final class PackHeads {
    private static final int HEAD = 256;
    private static final int MOST = 4096;

    private final Connection connection;
    private final Map<String, RangeCall> heads = new ConcurrentHashMap<>();

    PackHeads(Connection connection) {
        this.connection = connection;
    }

    /** Asks for the head of the pack that something is read of, unless that was done; not flushed. @return whether it asked */
    boolean ask(String name, long offset) throws IOException {
        if (offset <= 0 || !name.startsWith("packs/") || heads.containsKey(name)) {
            return false;
        }
        if (heads.size() > MOST) {
            heads.clear();
        }
        RangeCall head = new RangeCall(new byte[HEAD], 0, HEAD, connection.location());
        if (heads.putIfAbsent(name, head) != null) {
            return false;
        }
        connection.ask(head, Message.READ, Requests.range(name, 0, HEAD, true), false);
        return true;
    }

    /** Reads from a head that was asked for, waiting for it if need be. @return false if it does not hold this */
    boolean read(String name, long offset, byte[] buffer, int start, int length) {
        RangeCall head = offset < HEAD ? heads.get(name) : null;
        if (head == null || offset + length > HEAD) {
            return false;
        }
        try {
            head.await();
        } catch (IOException e) {
            heads.remove(name, head);
            return false;
        }
        if (head.filled() < offset + length) {
            return false;
        }
        System.arraycopy(head.buffer(), (int) offset, buffer, start, length);
        return true;
    }

    void forget(String name) {
        heads.remove(name);
    }
}
