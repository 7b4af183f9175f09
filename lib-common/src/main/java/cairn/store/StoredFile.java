package cairn.store;

import java.time.Instant;
import java.util.Objects;

/**
 * A file as a listing shows it.
 *
 * @param name such as {@code "index/4f..."}
 * @param size in bytes
 * @param modified by the storage's clock
 */
public record StoredFile(String name, long size, Instant modified) {
    public StoredFile {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(modified, "modified");
        if (size < 0) {
            throw new IllegalArgumentException("size " + size);
        }
    }
}
