package cairn.store;

import java.io.IOException;

/** Reads from files of a storage: all that a reader of one format needs of it. */
@FunctionalInterface
public interface StoredReader {
    /**
     * Reads exactly {@code length} bytes from {@code offset} on into {@code buffer} at {@code start}.
     *
     * @throws NotStoredException if there is no such file
     * @throws TruncatedException if the file ends before
     */
    void read(String name, long offset, byte[] buffer, int start, int length) throws IOException;
}
