package cairn.restore;

import cairn.posix.Open;
import cairn.posix.Stat;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Open handles of the directories of a plan, a bounded number. A directory is opened below the handle of its parent,
 * one component at a time, never through a symlink, and must be the one that was seen while the tree was walked: so
 * nobody who moves things around meanwhile can lead the restore out of its target. For any number of threads.
 */
final class DirHandles implements AutoCloseable {
    private final NodeStore nodes;
    private final int most;
    private final Map<Long, Handle> open = new LinkedHashMap<>(64, 0.75f, true);
    private boolean checked = true;

    /** An open directory; to be released. */
    final class Handle implements AutoCloseable {
        final long id;
        final int fd;
        private int users;
        /** Whether what is made here may get attributes by itself. */
        final boolean inherits;
        private final boolean kept;

        private Handle(long id, int fd, boolean inherits, boolean kept) {
            this.id = id;
            this.fd = fd;
            this.inherits = inherits;
            this.kept = kept;
        }

        @Override
        public void close() {
            synchronized (open) {
                users--;
            }
        }
    }

    DirHandles(NodeStore nodes, int most) {
        this.nodes = nodes;
        this.most = most;
    }

    /** Where inode numbers do not last (FUSE, SMB, FAT), directories are not recognised by them. */
    void inodesDoNotLast() {
        checked = false;
    }

    /** Takes over the descriptor of a target, which stays open to the end. */
    void keep(long id, int fd, boolean inherits) {
        synchronized (open) {
            open.put(id, new Handle(id, fd, inherits, true));
        }
    }

    /** Takes over the descriptor of a directory and hands it out. */
    Handle add(long id, int fd, boolean inherits) {
        synchronized (open) {
            return enter(id, fd, inherits);
        }
    }

    Handle acquire(long id) throws IOException {
        synchronized (open) {
            Handle known = open.get(id);
            if (known != null) {
                known.users++;
                return known;
            }
            Deque<Node> chain = new ArrayDeque<>();
            Handle from = null;
            for (long at = id; from == null;) {
                Node node = nodes.get(at);
                chain.push(node);
                at = node.parent();
                from = open.get(at);
            }
            from.users++;
            while (!chain.isEmpty()) {
                Node node = chain.pop();
                Handle next;
                try {
                    next = enter(node.id(), openChecked(from.fd, node), node.is(Node.INHERITS));
                } finally {
                    from.users--;
                }
                from = next;
            }
            return from;
        }
    }

    private int openChecked(int parent, Node node) throws IOException {
        int fd = Open.openat(parent, node.name(), Open.O_PATH | Open.O_DIRECTORY | Open.O_NOFOLLOW, 0);
        try {
            check(fd, node);
            return fd;
        } catch (IOException e) {
            Open.close(fd);
            throw e;
        }
    }

    /** Fails unless an open directory is the one of the plan. */
    void check(int fd, Node node) throws IOException {
        if (checked) {
            Stat stat = new Stat().of(fd);
            if (stat.ino() != node.inode() || stat.dev() != node.device()) {
                throw new IOException("the folder was swapped for another one meanwhile");
            }
        }
    }

    boolean checksInodes() {
        return checked;
    }

    private Handle enter(long id, int fd, boolean inherits) {
        Handle handle = new Handle(id, fd, inherits, false);
        handle.users = 1;
        if (open.size() >= most) {
            var eldest = open.values().iterator();
            while (eldest.hasNext() && open.size() >= most) {
                Handle candidate = eldest.next();
                if (candidate.users == 0 && !candidate.kept) {
                    eldest.remove();
                    Open.close(candidate.fd);
                }
            }
        }
        open.put(id, handle);
        return handle;
    }

    @Override
    public void close() {
        synchronized (open) {
            open.values().forEach(handle -> Open.close(handle.fd));
            open.clear();
        }
    }
}
