package cairn.archive;

import cairn.tree.Attributes;
import cairn.tree.DirectoryWriter;
import cairn.tree.Entry;
import cairn.tree.ScanStat;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A directory on its way into the repository. The walk opens slots in the order of names, workers fill them in any
 * order, and entries leave for the pieces of the directory as soon as all before them are known, so that memory holds
 * what is in flight and not the directory. Whoever fills the last slot of a directory that the walk has left finishes
 * it, and so fills its slot in the parent.
 */
final class DirectoryNode {
    private final Slot inParent;
    private final byte[] name;
    private final Attributes attributes;
    private final ScanStat stat;
    private final DirectoryWriter writer;
    private final Pending pending;
    private final Deque<Slot> slots = new ArrayDeque<>();
    private boolean left;
    private boolean finished;
    private DirectoryWriter.Roots roots;

    /** @param inParent null for the node that holds the root entry */
    DirectoryNode(Slot inParent, byte[] name, Attributes attributes, ScanStat stat, DirectoryWriter writer, Pending pending) {
        this.inParent = inParent;
        this.name = name;
        this.attributes = attributes;
        this.stat = stat;
        this.writer = writer;
        this.pending = pending;
    }

    /** A slot for the next entry. Directories do not count as pending: they wait for their own entries. */
    Slot open() {
        Slot slot = new Slot(this);
        synchronized (this) {
            slots.add(slot);
        }
        return slot;
    }

    /** Fills a slot. @param entry null if the entry is not to be saved after all */
    void fill(Slot slot, Entry entry, ScanStat entryStat) throws IOException {
        boolean complete;
        synchronized (this) {
            slot.entry = entry;
            slot.stat = entryStat;
            slot.done = true;
            complete = drain();
        }
        if (complete) {
            finish();
        }
    }

    /** The walk opens no more slots here. */
    void leave() throws IOException {
        boolean complete;
        synchronized (this) {
            left = true;
            complete = drain();
        }
        if (complete) {
            finish();
        }
    }

    private boolean drain() throws IOException {
        while (!slots.isEmpty() && slots.peek().done) {
            Slot slot = slots.poll();
            if (slot.entry != null) {
                writer.add(slot.entry, slot.stat);
            }
            if (!(slot.entry instanceof Entry.Directory)) {
                pending.release();
            }
        }
        if (!left || !slots.isEmpty() || finished) {
            return false;
        }
        finished = true;
        return true;
    }

    private void finish() throws IOException {
        roots = writer.finish();
        if (inParent != null) {
            inParent.directory.fill(inParent, new Entry.Directory(name, attributes, roots.tree()),
                    new ScanStat(stat.deviceMajor(), stat.deviceMinor(), stat.inode(), stat.ctimeSeconds(), stat.ctimeNanos(), roots.stat()));
        }
        pending.finished(this);
    }

    DirectoryWriter.Roots roots() {
        return roots;
    }
}
