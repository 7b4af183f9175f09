package cairn.transfer;

import cairn.store.Storage;
import cairn.store.StoredFile;
import cairn.store.StoredWriter;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** A storage that outlives whoever closes it. */
record Unclosed(Storage inner) implements Storage {
    @Override
    public String location() {
        return inner.location();
    }

    @Override
    public void list(String folder, Consumer<StoredFile> each) throws IOException {
        inner.list(folder, each);
    }

    @Override
    public Optional<StoredFile> stat(String name) throws IOException {
        return inner.stat(name);
    }

    @Override
    public void read(String name, long offset, byte[] buffer, int start, int length) throws IOException {
        inner.read(name, offset, buffer, start, length);
    }

    @Override
    public byte[] readAll(String name, int limit) throws IOException {
        return inner.readAll(name, limit);
    }

    @Override
    public void write(String name, byte[] content, int start, int length) throws IOException {
        inner.write(name, content, start, length);
    }

    @Override
    public StoredWriter begin(String folder) throws IOException {
        return inner.begin(folder);
    }

    @Override
    public void delete(String name) throws IOException {
        inner.delete(name);
    }

    @Override
    public Instant now() throws IOException {
        return inner.now();
    }

    @Override
    public boolean listsLate() {
        return inner.listsLate();
    }

    @Override
    public int tidy() throws IOException {
        return inner.tidy();
    }

    @Override
    public void close() {
        // it is somebody else's
    }
}
