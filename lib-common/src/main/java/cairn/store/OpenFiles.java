package cairn.store;

import cairn.store.Folder.OpenFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps the files that were read last open, up to a bound, because a restore reads the same pack many times. A file is
 * closed when it has left the table and its last reader is done.
 */
final class OpenFiles implements Closeable {
    private final Folder folder;
    private final int bound;
    private final Map<String, Shared> byName = new LinkedHashMap<>(16, 0.75f, true);
    private boolean closed;

    OpenFiles(Folder folder, int bound) {
        this.folder = folder;
        this.bound = bound;
    }

    /** The right to read a file, until it is closed. */
    interface Lease extends Closeable {
        OpenFile file();
    }

    Lease lease(String name) throws IOException {
        synchronized (this) {
            Shared known = byName.get(name);
            if (known != null) {
                known.users++;
                return known;
            }
        }
        // two threads may both open it: the second one's file is used once and not kept
        Shared opened = new Shared(folder.open(name));
        synchronized (this) {
            if (!closed && byName.putIfAbsent(name, opened) == null) {
                opened.users++;
                dropOldest();
            }
        }
        return opened;
    }

    private void dropOldest() throws IOException {
        Iterator<Shared> oldest = byName.values().iterator();
        while (byName.size() > bound) {
            Shared one = oldest.next();
            oldest.remove();
            one.close();
        }
    }

    /** Opens {@code name} anew the next time. */
    synchronized void forget(String name) throws IOException {
        Shared known = byName.remove(name);
        if (known != null) {
            known.close();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        for (Shared one : byName.values()) {
            one.close();
        }
        byName.clear();
    }

    /** An open file and how many hold it: its readers, and the table. */
    private final class Shared implements Lease {
        private final OpenFile file;
        private int users = 1;

        Shared(OpenFile file) {
            this.file = file;
        }

        @Override
        public OpenFile file() {
            return file;
        }

        @Override
        public void close() throws IOException {
            synchronized (OpenFiles.this) {
                if (--users == 0) {
                    file.close();
                }
            }
        }
    }
}
