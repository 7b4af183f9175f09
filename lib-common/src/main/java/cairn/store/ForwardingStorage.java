package cairn.store;

import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A storage in front of another one: passes on every call. Subclasses change what they are about.
 *
 * <p>All ways to write a file meet in {@link #write(String, byte[], int, int)} and {@link #begin}, so that whoever overrides
 * these two sees every byte.
 */
public abstract class ForwardingStorage implements Storage {
    protected final Storage inner;

    protected ForwardingStorage(Storage inner) {
        this.inner = Objects.requireNonNull(inner);
    }

    /** For subclasses that look at a file as it passes: writes a small file by {@link #begin}, too. */
    protected final void writeByBegin(String name, byte[] content, int start, int length) throws IOException {
        try (StoredWriter writer = begin(StoredName.check(name).substring(0, name.indexOf('/') + 1))) {
            writer.write(content, start, length);
            writer.publish(name);
        }
    }

    @Override
    public String location() {
        return inner.location();
    }

    @Override
    public boolean isOneWay() {
        return inner.isOneWay();
    }

    @Override
    public boolean isFar() {
        return inner.isFar();
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
    public void expect(String name, long offset, long length) {
        inner.expect(name, offset, length);
    }

    @Override
    public void expectMore(String name, long size, long offset, long length) {
        inner.expectMore(name, size, offset, length);
    }

    @Override
    public void expectList(String... folders) {
        inner.expectList(folders);
    }

    @Override
    public void expectIndex() {
        inner.expectIndex();
    }

    @Override
    public boolean listsOneState() {
        return inner.listsOneState();
    }

    @Override
    public boolean mayDelete() {
        return inner.mayDelete();
    }

    @Override
    public void close() throws IOException {
        inner.close();
    }
}
