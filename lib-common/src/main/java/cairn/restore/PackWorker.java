package cairn.restore;

import cairn.format.BlobId;
import cairn.format.DamagedException;
import java.io.IOException;
import java.util.Arrays;

/**
 * Writes the content of stretches of packs: each is read once, each blob opened once and written wherever it is needed,
 * in the order of the tree, so that files that lie together are made together. For one thread.
 */
final class PackWorker implements PackQueue.Worker {
    private final RestoreContext context;
    private final OutputFiles output;
    private final RestoreSource.Reader reader;
    private byte[] buffer = new byte[1 << 20];
    private DirHandles.Handle directory;

    PackWorker(RestoreContext context, OutputFiles output) {
        this.context = context;
        this.output = output;
        this.reader = context.source.newReader();
    }

    @Override
    public void work(Segment segment) {
        if (segment.number() == ItemPlanner.INLINE) {
            return;
        }
        if (segment.number() == ItemPlanner.HOLES) {
            for (int i = 0; i < segment.count(); i++) {
                int o = i * PlannedItem.BYTES;
                Node node = node(segment, o);
                if (node != null) {
                    output.punch(node, PlannedItem.at(segment.items(), o), PlannedItem.length(segment.items(), o));
                }
            }
            return;
        }
        boolean read = segment.pack() != null && read(segment);
        int[] groups = groups(segment);
        for (int group : groups) {
            writeBlob(segment, group, read);
        }
        leaveDirectory();
    }

    private boolean read(Segment segment) {
        int length = segment.to() - segment.from();
        if (buffer.length < length) {
            buffer = new byte[Math.max(length, Math.min(2 * buffer.length, 8 << 20))];
        }
        try {
            context.source.read(segment.pack(), segment.from(), buffer, 0, length);
            context.tally.fetched.add(length);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The first item of each blob, in the order of the first file that needs it. */
    private static int[] groups(Segment segment) {
        byte[] b = segment.items();
        int[] starts = new int[segment.count()];
        int count = 0;
        for (int i = 0; i < segment.count(); i++) {
            if (i == 0 || !sameBlob(b, i - 1, i)) {
                starts[count++] = i;
            }
        }
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            // node ids are well below 2^47, and there are at most a few thousand items
            keys[i] = PlannedItem.node(b, starts[i] * PlannedItem.BYTES) << 16 | i;
        }
        Arrays.sort(keys);
        int[] ordered = new int[count];
        for (int i = 0; i < count; i++) {
            ordered[i] = starts[(int) (keys[i] & 0xFFFF)];
        }
        return ordered;
    }

    private static boolean sameBlob(byte[] items, int one, int other) {
        int a = one * PlannedItem.BYTES;
        int b = other * PlannedItem.BYTES;
        return PlannedItem.key(items, a) == PlannedItem.key(items, b) && PlannedItem.blob(items, a).equals(PlannedItem.blob(items, b));
    }

    private void writeBlob(Segment segment, int first, boolean read) {
        byte[] b = segment.items();
        int o = first * PlannedItem.BYTES;
        BlobId id = PlannedItem.blob(b, o);
        int length = 0;
        IOException broken = null;
        try {
            length = open(segment, o, id, read);
        } catch (IOException e) {
            broken = e;
        }
        for (int i = first; i < segment.count() && sameBlob(b, first, i); i++) {
            int at = i * PlannedItem.BYTES;
            Node node = node(segment, at);
            if (node == null) {
                continue;
            }
            if (broken != null) {
                output.lose(node, broken);
                continue;
            }
            int from = PlannedItem.from(b, at);
            int wanted = PlannedItem.length(b, at);
            boolean whole = from == PlannedItem.WHOLE;
            if (whole ? wanted != length : from > length - wanted) {
                output.lose(node, new DamagedException("blob " + id, "is not as long as the file needs it"));
            } else {
                write(node, reader.payload(), whole ? 0 : from, wanted, PlannedItem.at(b, at));
            }
        }
    }

    private int open(Segment segment, int o, BlobId id, boolean read) throws IOException {
        if (read) {
            int offset = PlannedItem.offset(segment.items(), o) - segment.from();
            try {
                return reader.open(segment.pack(), buffer, offset, PlannedItem.stored(segment.items(), o), id);
            } catch (IOException damaged) {
                // another copy may be good; if there is none, that says what is wrong
            }
        }
        int length = reader.read(id);
        context.tally.fetched.add(length);
        return length;
    }

    private Node node(Segment segment, int o) {
        try {
            return context.nodes.get(PlannedItem.node(segment.items(), o));
        } catch (IOException e) {
            context.tally.failed(() -> new byte[] {'?'}, e);
            return null;
        }
    }

    private void write(Node node, byte[] from, int offset, int length, long at) {
        if (node.pieces() != 1 || node.is(Node.EXISTED)) {
            output.write(node, from, offset, length, at);
            return;
        }
        try {
            output.writeNew(directory(node.parent()), node, from, offset, length, at);
        } catch (IOException e) {
            context.tally.failed(context.path(node), e);
        }
    }

    private DirHandles.Handle directory(long id) throws IOException {
        if (directory == null || directory.id != id) {
            leaveDirectory();
            directory = context.dirs.acquire(id);
        }
        return directory;
    }

    private void leaveDirectory() {
        if (directory != null) {
            directory.close();
            directory = null;
        }
    }

    @Override
    public void close() {
        leaveDirectory();
        reader.close();
    }
}
