package cairn.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes files each of which becomes visible only when the one before it is durable, and not at all if that failed. Where
 * a call costs a round trip they are sent without waiting for one another; {@link #settle} waits for all. To write them one
 * by one, each durable before the next is sent, gives the same on the storage at every moment.
 *
 * <p>For files that are named by their content: one that is there already is as good as written.
 */
public final class OrderedWrites extends ForwardingStorage {
    private final List<Pending> sent = new ArrayList<>();

    public OrderedWrites(Storage inner) {
        super(inner);
    }

    private Pending last() {
        return sent.isEmpty() ? Pending.DONE : sent.getLast();
    }

    @Override
    public synchronized void write(String name, byte[] content, int start, int length) throws IOException {
        sent.add(inner.writeAfter(last(), name, content, start, length));
    }

    @Override
    public StoredWriter begin(String folder) throws IOException {
        return new InOrder(inner.begin(folder));
    }

    /**
     * Waits until all that was written is durable.
     *
     * @throws IOException why the first of the files is not that failed
     */
    public void settle() throws IOException {
        List<Pending> all;
        synchronized (this) {
            all = List.copyOf(sent);
        }
        for (Pending each : all) {
            try {
                each.await();
            } catch (AlreadyStoredException same) {
                // named by its content
            }
        }
    }

    private final class InOrder extends ForwardingWriter {
        InOrder(StoredWriter writer) {
            super(writer);
        }

        @Override
        public void publish(String name) throws IOException {
            synchronized (OrderedWrites.this) {
                sent.add(writer.publishAfter(last(), name));
            }
        }
    }
}
