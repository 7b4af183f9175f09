package cairn.remote;

import cairn.store.Pending;
import cairn.store.StoredName;
import cairn.store.StoredWriter;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/** A file on its way to the other side: sent as it is written, in frames of a useful size. */
final class RemoteWriter implements StoredWriter, Pending {
    private static final int FRAME = 128 << 10;

    private final Connection connection;
    private final String folder;
    private final CollectCall call;
    private final Semaphore turn;
    private final Follow follow;
    private final int request;
    private final byte[] frame = new byte[FRAME];
    private int used;
    private long length;
    private boolean open = true;
    private boolean inTurn;

    /** Told of a file before it is known that it is stored. */
    interface Follow {
        /** It is about to be published. @param after the request that this follows, or 0 */
        void publishing(int after);

        /** It was sent; asks for more that follows it. */
        void published(String name, int request) throws IOException;
    }

    /**
     * @param turn for large files: one is sent after the other, so that while one is made durable there the next is on its
     *             way; null for others
     */
    RemoteWriter(Connection connection, String folder, Semaphore turn, Follow follow) throws IOException {
        this.connection = connection;
        this.folder = folder;
        this.turn = turn;
        this.follow = follow;
        call = new CollectCall(Message.BYTES, 0, connection.location());
        request = connection.begin(call);
        byte[] payload = Requests.name(folder);
        connection.send(Message.BEGIN, request, payload, 0, payload.length);
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException("closed");
        }
    }

    @Override
    public void write(byte[] bytes, int start, int count) throws IOException {
        requireOpen();
        length += count;
        for (int at = start; at < start + count;) {
            if (used == 0 && start + count - at >= FRAME) {
                data(bytes, at, FRAME);
                at += FRAME;
                continue;
            }
            int some = Math.min(FRAME - used, start + count - at);
            System.arraycopy(bytes, at, frame, used, some);
            used += some;
            at += some;
            if (used == FRAME) {
                data(frame, 0, FRAME);
                used = 0;
            }
        }
    }

    private void data(byte[] bytes, int offset, int count) throws IOException {
        if (call.ended()) {
            open = false;
            endTurn();
            call.await(); // a full disk, say: no use in sending on
        }
        if (turn != null && !inTurn) {
            turn.acquireUninterruptibly();
            inTurn = true;
        }
        connection.send(Message.DATA, request, bytes, offset, count);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void publish(String name) throws IOException {
        send(name, 0);
        call.await();
    }

    @Override
    public Pending publishAfter(Pending first, String name) throws IOException {
        if (first instanceof RemoteWriter before && before.connection == connection) {
            send(name, before.request);
        } else {
            first.await();
            send(name, 0);
        }
        return this;
    }

    @Override
    public void await() throws IOException {
        call.await();
    }

    private void send(String name, int after) throws IOException {
        StoredName.check(name);
        requireOpen();
        if (!name.startsWith(folder)) {
            throw new IllegalArgumentException("'" + name + "' is not below '" + folder + "'");
        }
        try {
            if (used > 0) {
                data(frame, 0, used);
            }
            open = false;
            byte[] payload = Requests.name(name, after);
            follow.publishing(after);
            connection.send(Message.PUBLISH, request, payload, 0, payload.length);
            follow.published(name, request);
            connection.flush();
        } finally {
            endTurn();
        }
    }

    private void endTurn() {
        if (inTurn) {
            inTurn = false;
            turn.release();
        }
    }

    @Override
    public void close() throws IOException {
        endTurn();
        if (open) {
            open = false;
            if (!call.ended()) {
                connection.forget(request);
                connection.send(Message.DROP, request, new byte[0], 0, 0);
                connection.flush();
            }
        }
    }
}
