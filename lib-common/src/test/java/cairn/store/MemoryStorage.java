package cairn.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** A storage for tests that forgets everything, with a clock that moves only when told to. */
public final class MemoryStorage implements Storage {
    private record Content(byte[] bytes, Instant modified) {}

    private final ConcurrentMap<String, Content> files = new ConcurrentSkipListMap<>();
    private volatile Instant now = Instant.parse("2026-11-20T10:00:00Z");

    private volatile boolean late;
    private volatile Hook beforeWrite = name -> { };

    /** Called with the name of each file that is about to be there. */
    public interface Hook {
        void about(String name) throws IOException;
    }

    public void beforeWrite(Hook hook) {
        beforeWrite = hook;
    }

    /** Pretends to be a file system whose listings may be old; they are not. */
    public void setListsLate(boolean value) {
        late = value;
    }

    /** Lets time pass. */
    public void advance(Duration by) {
        now = now.plus(by);
    }

    /** The names of all files below a folder, in their order. */
    public List<String> names(String folder) {
        List<String> names = new ArrayList<>();
        list(folder, file -> names.add(file.name()));
        return names;
    }

    /** The lengths of all files below a folder together. */
    public long bytes(String folder) {
        long[] bytes = {0};
        list(folder, file -> bytes[0] += file.size());
        return bytes[0];
    }

    /** Another that holds the same, at the same time. */
    public MemoryStorage copy() {
        MemoryStorage copy = new MemoryStorage();
        copy.files.putAll(files);
        copy.now = now;
        return copy;
    }

    /** Replaces the bytes of a file that is there, as a broken disk does. */
    public void damage(String name, byte[] content) {
        if (files.computeIfPresent(name, (n, old) -> new Content(content.clone(), old.modified)) == null) {
            throw new IllegalArgumentException("no file '" + name + "' to damage");
        }
    }

    @Override
    public String location() {
        return "memory";
    }

    @Override
    public void list(String folder, Consumer<StoredFile> each) {
        StoredName.checkFolder(folder);
        for (var file : List.copyOf(files.entrySet())) {
            if (file.getKey().startsWith(folder)) {
                each.accept(stored(file.getKey(), file.getValue()));
            }
        }
    }

    private static StoredFile stored(String name, Content content) {
        return new StoredFile(name, content.bytes.length, content.modified);
    }

    @Override
    public Optional<StoredFile> stat(String name) {
        return Optional.ofNullable(files.get(StoredName.check(name))).map(c -> stored(name, c));
    }

    private byte[] content(String name) throws NotStoredException {
        Content content = files.get(StoredName.check(name));
        if (content == null) {
            throw new NotStoredException(location(), name);
        }
        return content.bytes;
    }

    @Override
    public void read(String name, long offset, byte[] buffer, int start, int length) throws IOException {
        byte[] bytes = content(name);
        if (offset + length > bytes.length) {
            throw new TruncatedException(location(), name, offset + length, bytes.length);
        }
        System.arraycopy(bytes, (int) offset, buffer, start, length);
    }

    @Override
    public byte[] readAll(String name, int limit) throws IOException {
        byte[] bytes = content(name);
        if (bytes.length > limit) {
            throw new OversizeException(location(), name, bytes.length, limit);
        }
        return bytes.clone();
    }

    @Override
    public void write(String name, byte[] content, int start, int length) throws IOException {
        beforeWrite.about(name);
        byte[] copy = Arrays.copyOfRange(content, start, start + length);
        if (files.putIfAbsent(StoredName.check(name), new Content(copy, now)) != null) {
            throw new AlreadyStoredException(location(), name);
        }
    }

    @Override
    public StoredWriter begin(String folder) {
        StoredName.checkFolder(folder);
        return new StoredWriter() {
            private final ByteArrayOutputStream out = new ByteArrayOutputStream();
            private boolean open = true;

            @Override
            public void write(byte[] bytes, int start, int length) {
                requireOpen();
                out.write(bytes, start, length);
            }

            private void requireOpen() {
                if (!open) {
                    throw new IllegalStateException("closed");
                }
            }

            @Override
            public long length() {
                return out.size();
            }

            @Override
            public void publish(String name) throws IOException {
                requireOpen();
                if (!name.startsWith(folder)) {
                    throw new IllegalArgumentException("'" + name + "' is not below '" + folder + "'");
                }
                open = false;
                MemoryStorage.this.write(name, out.toByteArray());
            }

            @Override
            public void close() {
                open = false;
            }
        };
    }

    @Override
    public void delete(String name) throws IOException {
        if (files.remove(StoredName.check(name)) == null) {
            throw new NotStoredException(location(), name);
        }
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public boolean listsLate() {
        return late;
    }

    @Override
    public int tidy() {
        return 0;
    }

    @Override
    public void close() {}
}
