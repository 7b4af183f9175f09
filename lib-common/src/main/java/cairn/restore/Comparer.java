package cairn.restore;

import cairn.format.BlobId;
import cairn.pack.BlobHasher;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.Stat;
import cairn.tree.Content;
import cairn.tree.Entry;
import cairn.tree.Item;
import cairn.tree.TreeReader.ItemCursor;
import java.io.IOException;
import java.util.Arrays;

/**
 * Compares an existing file with the backup by content and plans only what differs: its pieces are named as the
 * repository names them, so that nothing has to be fetched to tell. One a thread.
 */
final class Comparer {
    private final RestoreContext context;
    private final Plan plan;
    private final OutputFiles output;
    private final BlobHasher hasher;
    private byte[] buffer = new byte[256 << 10];

    Comparer(RestoreContext context, Plan plan, OutputFiles output) {
        this.context = context;
        this.plan = plan;
        this.output = output;
        this.hasher = context.source.newHasher();
    }

    /** @param byTime whether a file of the same size and time is taken to be right */
    void compare(Node node, Entry.File entry, boolean byTime) {
        try (DirHandles.Handle dir = context.dirs.acquire(node.parent())) {
            int fd = FileOpener.openExisting(context, dir, node.name(), Open.O_RDONLY);
            try {
                Stat stat = new Stat().of(fd);
                if (!stat.isRegular() || context.dirs.checksInodes() && (stat.ino() != node.inode() || stat.dev() != node.device())) {
                    throw new IOException("was swapped for something else meanwhile");
                }
                compare(dir, fd, stat, node, entry, byTime);
            } finally {
                Open.close(fd);
            }
        } catch (IOException e) {
            context.tally.failed(context.path(node), e);
        }
    }

    private void compare(DirHandles.Handle dir, int fd, Stat stat, Node node, Entry.File entry, boolean byTime) throws IOException {
        boolean sameSize = stat.size() == entry.size();
        if (byTime && sameSize && stat.mtime() == entry.attributes().mtimeSeconds() && stat.mtimeNanos() == entry.attributes().mtimeNanos()) {
            right(dir, fd, stat, node);
            return;
        }
        boolean dry = context.options.dryRun();
        if (entry.content() instanceof Content.Inline inline) {
            if (sameSize && matches(fd, 0, inline.bytes())) {
                right(dir, fd, stat, node);
            } else if (dry) {
                differs(node, inline.bytes().length);
            } else {
                Node full = flagged(node, stat, false, 1);
                if (context.options.verify()) {
                    plan.items.inline(node.id(), inline.bytes());
                }
                output.write(full, inline.bytes(), 0, inline.bytes().length, 0);
            }
            return;
        }
        int pieces = 0;
        long wrong = 0;
        boolean keeps = false;
        for (ItemCursor cursor = context.source.trees().items(entry); cursor.next();) {
            if (context.stopped.getAsBoolean()) {
                return; // what is planned by now is not written any more
            }
            switch (cursor.item()) {
                case Item.Data data -> {
                    if (isRight(fd, stat.size(), cursor.offset(), data)) {
                        keeps = true;
                    } else {
                        if (!dry) {
                            plan.items.data(node.id(), cursor.offset(), data);
                        }
                        wrong += data.length();
                        pieces++;
                    }
                }
                case Item.Hole hole -> {
                    long end = Math.min(stat.size(), cursor.offset() + hole.length());
                    long at = cursor.offset() < end ? Io.seekData(fd, cursor.offset()) : -1;
                    if (at >= 0 && at < end) {
                        pieces += dry ? 1 : plan.items.hole(node.id(), cursor.offset(), end - cursor.offset());
                    }
                }
            }
        }
        if (pieces == 0 && sameSize) {
            right(dir, fd, stat, node);
        } else if (dry) {
            differs(node, wrong);
        } else {
            plan.expect(wrong);
            Node full = flagged(node, stat, keeps, pieces);
            if (pieces == 0) {
                output.touch(full);
            }
        }
    }

    /** Tells the plan how the file will be written, and gives the node as the plan has it now. */
    private Node flagged(Node node, Stat stat, boolean keeps, int pieces) throws IOException {
        int flags = node.flags() | (keeps ? Node.KEEPS : 0);
        // another's file with a further name here would be changed wherever else its names are
        if (stat.nlink() > 1 && (stat.uid() & 0xFFFFFFFFL) == node.attributes().uid()) {
            flags |= Node.OTHER_NAMES;
        }
        context.nodes.setFlags(node.id(), flags);
        context.nodes.setPieces(node.id(), pieces);
        return context.nodes.get(node.id());
    }

    private void differs(Node node, long bytes) {
        context.tally.wrote(bytes);
        context.tally.done(RestoreListener.Action.UPDATED, context.path(node));
    }

    private void right(DirHandles.Handle dir, int fd, Stat stat, Node node) {
        Place place = new Place.Opened(fd);
        boolean changed = context.options.dryRun() ? context.setter.differs(place, node.type(), node.attributes(), stat)
                : context.setter.setExisting(place, node.type(), node.attributes(), stat, !node.is(Node.LATE_FLAGS), context.path(node));
        if (!context.options.dryRun()) {
            context.notes.settle(dir.fd, node.id());
        }
        context.tally.done(changed ? RestoreListener.Action.ATTRIBUTES : RestoreListener.Action.UNCHANGED, context.path(node));
    }

    private boolean isRight(int fd, long size, long at, Item.Data data) throws IOException {
        if (!data.whole() || at + data.length() > size) {
            return false;
        }
        int length = data.dataLength();
        if (buffer.length < length) {
            buffer = new byte[length];
        }
        BlobId id = Io.pread(fd, at, buffer, 0, length) == length ? hasher.id(buffer, 0, length) : null;
        return data.blob().equals(id);
    }

    private boolean matches(int fd, long at, byte[] bytes) throws IOException {
        byte[] read = new byte[bytes.length];
        return Io.pread(fd, at, read, 0, read.length) == read.length && Arrays.equals(read, bytes);
    }
}
