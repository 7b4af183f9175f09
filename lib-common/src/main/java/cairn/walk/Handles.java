package cairn.walk;

import cairn.posix.Errno;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Stat;
import java.util.ArrayList;
import java.util.List;

/**
 * The directories that a walk is in, the root first, of which the last {@code maxOpen} are open. Those nearer to the
 * root are opened again when the walk comes back to them, and compared with what they were.
 */
final class Handles implements AutoCloseable {
    private static final byte[] DOT_DOT = {'.', '.'};

    private final int maxOpen;
    private final List<Directory> stack = new ArrayList<>();
    private final Stat stat = new Stat();
    /** All before this one are closed, all from it on are open (but for those that could not be opened again). */
    private int firstOpen;

    Handles(int maxOpen) {
        this.maxOpen = maxOpen;
    }

    boolean isEmpty() {
        return stack.isEmpty();
    }

    Directory top() {
        return stack.getLast();
    }

    /** Goes into a directory; its handle is closed by this from now on. */
    void push(Directory directory) {
        stack.add(directory);
        if (stack.size() - firstOpen > maxOpen) {
            close(stack.get(firstOpen++));
        }
    }

    /**
     * Leaves the last directory.
     *
     * @throws PosixException if the one before it cannot be opened again, ESTALE if it is not where it was; it is the
     *     last one then, without a handle
     */
    void pop() throws PosixException {
        Directory left = stack.removeLast();
        try {
            if (!stack.isEmpty() && firstOpen == stack.size()) {
                firstOpen--;
                Directory back = stack.getLast();
                back.fd = reopen(back, left.fd);
            }
        } finally {
            close(left);
        }
    }

    private int reopen(Directory back, int child) throws PosixException {
        int flags = Open.O_DIRECTORY | (back.isPathOnly() ? Open.O_PATH : Open.O_RDONLY);
        if (child >= 0) {
            int fd = Open.openat(child, DOT_DOT, flags, 0);
            if (isStill(fd, back)) {
                return fd;
            }
        }
        int fd = stack.getFirst().place().open(Open.AT_FDCWD, RawPath.ROOT, flags);
        for (int i = 1; i < stack.size(); i++) {
            Directory next = stack.get(i);
            int above = fd;
            try {
                fd = next.place().open(above, next.name(), next == back ? flags : flags | Open.O_PATH);
            } finally {
                Open.close(above);
            }
            if (!isStill(fd, next)) {
                throw new PosixException("come back to", back.path(), Errno.ESTALE);
            }
        }
        return fd;
    }

    /** Whether this is the directory that the walk was in; closes it if not. */
    private boolean isStill(int fd, Directory directory) throws PosixException {
        boolean still = false;
        try {
            still = stat.of(fd).sameFile(directory.stat());
            return still;
        } finally {
            if (!still) {
                Open.close(fd);
            }
        }
    }

    static void close(Directory directory) {
        if (directory.fd >= 0) {
            Open.close(directory.fd);
            directory.fd = -1;
        }
    }

    @Override
    public void close() {
        stack.forEach(Handles::close);
        stack.clear();
    }
}
