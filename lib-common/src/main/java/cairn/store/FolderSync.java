package cairn.store;

import java.io.IOException;

/**
 * Makes the names in one folder durable for many threads with few calls: an {@code fsync} that begins after a thread
 * has asked serves this thread, whoever called it.
 */
final class FolderSync {
    private final String name;
    private final Object turn = new Object();
    private long asked;
    private long served;

    FolderSync(String name) {
        this.name = name;
    }

    void sync(Folder folder) throws IOException {
        long mine;
        synchronized (this) {
            mine = ++asked;
        }
        synchronized (turn) {
            long all;
            synchronized (this) {
                if (served >= mine) {
                    return;
                }
                all = asked;
            }
            folder.sync(name);
            synchronized (this) {
                served = all;
            }
        }
    }
}
