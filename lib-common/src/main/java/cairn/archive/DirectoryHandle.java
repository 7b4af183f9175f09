package cairn.archive;

import cairn.posix.Open;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A handle of a directory of its own, kept open while files in it wait to be read. Few are open at a time. */
final class DirectoryHandle {
    static final int MOST = 512;

    private final int fd;
    private final Semaphore permits;
    private final AtomicInteger users = new AtomicInteger(1);

    /** @param fd owned by the handle from now on */
    DirectoryHandle(int fd, Semaphore permits) {
        this.fd = fd;
        this.permits = permits;
    }

    int fd() {
        return fd;
    }

    DirectoryHandle retain() {
        users.incrementAndGet();
        return this;
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            Open.close(fd);
            permits.release();
        }
    }
}
