package cairn.store;

import cairn.store.FolderException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The system calls of a {@link LocalFolder}, counted and failing as planned. */
final class FaultyFolder implements Folder {
    /** What a call is, with the name it is made on. */
    interface Plan {
        /** Null to let the call through. */
        Kind fault(String call, String name);
    }

    /** Everything that was called, as "call name". */
    final List<String> calls = new ArrayList<>();

    final AtomicInteger openFiles = new AtomicInteger();
    volatile Plan plan = (call, name) -> null;
    /** How many bytes of each write are lost without an error. */
    volatile int swallowed;

    private final Folder inner;

    FaultyFolder(Folder inner) {
        this.inner = inner;
    }

    private void step(String call, String name) throws FolderException {
        synchronized (calls) {
            calls.add(call + " " + name);
        }
        Kind kind = plan.fault(call, name);
        if (kind != null) {
            throw new FolderException(kind, "planned " + kind, null);
        }
    }

    @Override
    public boolean isShared() {
        return inner.isShared();
    }

    @Override
    public OpenFile open(String name) throws IOException {
        step("open", name);
        return new File(name, inner.open(name));
    }

    @Override
    public OpenFile create(String name) throws IOException {
        step("create", name);
        return new File(name, inner.create(name));
    }

    @Override
    public void list(String folder, EachEntry each) throws IOException {
        step("list", folder);
        inner.list(folder, each);
    }

    @Override
    public Entry stat(String name) throws IOException {
        step("stat", name);
        return inner.stat(name);
    }

    @Override
    public void link(String from, String to) throws IOException {
        step("link", to);
        inner.link(from, to);
        step("linked", to);
    }

    @Override
    public void renameToNew(String from, String to) throws IOException {
        step("renameToNew", to);
        inner.renameToNew(from, to);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        step("rename", to);
        inner.rename(from, to);
    }

    @Override
    public void unlink(String name) throws IOException {
        step("unlink", name);
        inner.unlink(name);
    }

    @Override
    public void makeFolder(String name) throws IOException {
        step("makeFolder", name);
        inner.makeFolder(name);
    }

    @Override
    public void sync(String folder) throws IOException {
        step("syncFolder", folder);
        inner.sync(folder);
    }

    @Override
    public void close() throws IOException {
        inner.close();
    }

    private final class File implements OpenFile {
        private final String name;
        private final OpenFile file;

        private File(String name, OpenFile file) {
            this.name = name;
            this.file = file;
            openFiles.incrementAndGet();
        }

        @Override
        public int read(long offset, byte[] buffer, int start, int length) throws IOException {
            step("read", name);
            return file.read(offset, buffer, start, length);
        }

        @Override
        public void write(byte[] bytes, int start, int length) throws IOException {
            step("write", name);
            file.write(bytes, start, length - swallowed);
        }

        @Override
        public long size() throws IOException {
            step("size", name);
            return file.size();
        }

        @Override
        public void sync() throws IOException {
            step("sync", name);
            file.sync();
        }

        @Override
        public void close() throws IOException {
            openFiles.decrementAndGet();
            file.close();
        }
    }
}
