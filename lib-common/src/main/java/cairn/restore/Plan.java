package cairn.restore;

import cairn.format.Bytes;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;

/** What is left to do after the walk, on disk where it is much. */
final class Plan implements AutoCloseable {
    private static final int LIST_MEMORY = 1 << 20;
    private static final int MOST_GROUPS = 100_000;

    final ItemPlanner items;
    final LinkMap links;
    private final Spill directories;
    private final Spill further;
    private final Spill late;
    private final Spill superfluous;
    private final LongAdder expected = new LongAdder();

    Plan(RestoreContext context) {
        this.items = new ItemPlanner(context.source, context.spool);
        this.links = new LinkMap(context.spool, MOST_GROUPS);
        this.directories = new Spill(context.spool, LIST_MEMORY);
        this.further = new Spill(context.spool, LIST_MEMORY);
        this.late = new Spill(context.spool, LIST_MEMORY);
        this.superfluous = new Spill(context.spool, LIST_MEMORY);
    }

    /** Takes what a line of the plan tells. */
    @FunctionalInterface
    interface Taker {
        void take(long first, long second) throws IOException;
    }

    /** Content that will be written. */
    void expect(long bytes) {
        expected.add(bytes);
    }

    long expected() {
        return expected.sum();
    }

    /** A directory whose attributes are set at the end. */
    void directory(long id) throws IOException {
        put(directories, id, 0);
    }

    /** Children before their parents. */
    void directories(Taker taker) throws IOException {
        for (long at = directories.size() - 16; at >= 0; at -= 16) {
            get(directories, at, taker);
        }
    }

    /** A further name of what another node is the first name of. */
    void furtherName(long id, long first) throws IOException {
        put(further, id, first);
    }

    void furtherNames(Taker taker) throws IOException {
        all(further, taker);
    }

    /** A node whose inode flags are set at the end. */
    void lateFlags(long id) throws IOException {
        put(late, id, 0);
    }

    void lateFlags(Taker taker) throws IOException {
        all(late, taker);
    }

    /** A name that the backup does not have; to be removed. */
    void tooMuch(long directory, byte[] name) throws IOException {
        byte[] line = new byte[12 + name.length];
        Bytes.putLong(line, 0, directory);
        Bytes.putInt(line, 8, name.length);
        System.arraycopy(name, 0, line, 12, name.length);
        superfluous.append(line, 0, line.length);
    }

    /** Takes a name that is to be removed. */
    @FunctionalInterface
    interface NameTaker {
        void take(long directory, byte[] name) throws IOException;
    }

    void superfluous(NameTaker taker) throws IOException {
        byte[] head = new byte[12];
        for (long at = 0; at < superfluous.size();) {
            superfluous.read(at, head, 0, 12);
            byte[] name = new byte[Bytes.getInt(head, 8)];
            superfluous.read(at + 12, name, 0, name.length);
            at += 12 + name.length;
            taker.take(Bytes.getLong(head, 0), name);
        }
    }

    private static void put(Spill list, long first, long second) throws IOException {
        byte[] line = new byte[16];
        Bytes.putLong(line, 0, first);
        Bytes.putLong(line, 8, second);
        list.append(line, 0, 16);
    }

    private static void all(Spill list, Taker taker) throws IOException {
        for (long at = 0; at < list.size(); at += 16) {
            get(list, at, taker);
        }
    }

    private static void get(Spill list, long at, Taker taker) throws IOException {
        byte[] line = new byte[16];
        list.read(at, line, 0, 16);
        taker.take(Bytes.getLong(line, 0), Bytes.getLong(line, 8));
    }

    @Override
    public void close() {
        items.close();
        links.close();
        directories.close();
        further.close();
        late.close();
        superfluous.close();
    }
}
