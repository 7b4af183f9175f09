package cairn.restore;

import cairn.format.BlobId;
import cairn.pack.BlobHasher;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Reads back what was written and names it as the repository does: what has the id that the plan asked for is right.
 * For one thread.
 */
final class ReadBack implements PackQueue.Worker {
    private final RestoreContext context;
    private final BlobHasher hasher;
    private RestoreSource.Reader reader;
    private byte[] buffer = new byte[256 << 10];
    private long openNode = Node.NONE;
    private int fd = -1;

    ReadBack(RestoreContext context) {
        this.context = context;
        this.hasher = context.source.newHasher();
    }

    /** Sends everything to the disks, so that what is read back comes from there. */
    static void settle(RestoreContext context, List<RestoreRoot> parts) {
        for (RestoreRoot part : parts) {
            try {
                int fd = Open.openLong(Open.AT_FDCWD, part.folder(), Open.O_RDONLY | Open.O_DIRECTORY, 0);
                try {
                    Io.syncfs(fd);
                } finally {
                    Open.close(fd);
                }
            } catch (PosixException e) {
                context.tally.failed(part::folder, e);
            }
        }
    }

    @Override
    public void work(Segment segment) {
        if (segment.number() == ItemPlanner.HOLES || segment.number() == ItemPlanner.LOST) {
            return;
        }
        byte[] b = segment.items();
        for (int i = 0; i < segment.count(); i++) {
            int o = i * PlannedItem.BYTES;
            long id = PlannedItem.node(b, o);
            if (context.isLost(id)) {
                continue;
            }
            try {
                open(id);
                check(b, o);
            } catch (IOException e) {
                Node node = node(id);
                context.lost(node);
                context.tally.failed(context.path(node), "reads back wrong: " + Tally.reason(e));
            }
        }
        close(fd);
    }

    private Node node(long id) {
        try {
            return context.nodes.get(id);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void open(long id) throws IOException {
        if (openNode == id) {
            return;
        }
        close(fd);
        Node node = context.nodes.get(id);
        try (DirHandles.Handle dir = context.dirs.acquire(node.parent())) {
            fd = Open.forReading(dir.fd, node.name(), 0);
        }
        Io.advise(fd, 0, 0, Io.FADV_DONTNEED);
        openNode = id;
    }

    private void check(byte[] b, int o) throws IOException {
        int length = PlannedItem.length(b, o);
        long at = PlannedItem.at(b, o);
        BlobId id = PlannedItem.blob(b, o);
        if (buffer.length < length) {
            buffer = new byte[length];
        }
        boolean right = Io.pread(fd, at, buffer, 0, length) == length;
        if (right && PlannedItem.from(b, o) == PlannedItem.WHOLE) {
            right = hasher.id(buffer, 0, length).equals(id);
        } else if (right) {
            reader = reader == null ? context.source.newReader() : reader;
            reader.read(id);
            int from = PlannedItem.from(b, o);
            right = Arrays.equals(buffer, 0, length, reader.payload(), from, from + length);
        }
        if (!right) {
            throw new IOException("bytes " + at + " to " + (at + length) + " are not what was written");
        }
        context.tally.verified.add(length);
    }

    private void close(int file) {
        if (file >= 0) {
            Open.close(file);
            fd = -1;
            openNode = Node.NONE;
        }
    }

    @Override
    public void close() {
        close(fd);
        if (reader != null) {
            reader.close();
        }
    }
}
