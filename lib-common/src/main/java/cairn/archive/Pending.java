package cairn.archive;

import java.util.concurrent.Semaphore;

/**
 * Bounds how many entries may be known to the walk and not yet be in a piece. The walk waits when there are too many;
 * workers never do, so it never waits for ever.
 */
final class Pending {
    static final int MOST = 16_384;

    private final Semaphore permits = new Semaphore(MOST);

    /** Counts one more entry; {@code beforeWaiting} hands over what the walk still holds back. */
    void acquire(Runnable beforeWaiting) {
        if (!permits.tryAcquire()) {
            beforeWaiting.run();
            permits.acquireUninterruptibly();
        }
    }

    void release() {
        permits.release();
    }

    /** Nothing waits for directories; a place to watch them. */
    void finished(DirectoryNode directory) {
    }
}
