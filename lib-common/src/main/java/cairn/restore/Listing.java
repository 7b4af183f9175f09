package cairn.restore;

import cairn.posix.DirStream;
import cairn.posix.Open;
import cairn.posix.PosixException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The names in an existing directory in unsigned byte order, gone through in step with those of the backup. */
final class Listing {
    static final Listing EMPTY = new Listing(new byte[0][]);

    private final byte[][] names;
    private int at;
    private int end;

    private Listing(byte[][] names) {
        this.names = names;
        this.end = names.length;
    }

    /** @param dirfd may be a handle of {@code O_PATH} */
    static Listing of(int dirfd) throws PosixException {
        int fd = Open.openat(dirfd, Names.DOT, Open.O_RDONLY | Open.O_DIRECTORY, 0);
        try {
            List<byte[]> names = new ArrayList<>();
            for (DirStream stream = new DirStream(fd); stream.next();) {
                names.add(stream.name());
            }
            byte[][] sorted = names.toArray(byte[][]::new);
            Arrays.sort(sorted, Arrays::compareUnsigned);
            return new Listing(sorted);
        } finally {
            Open.close(fd);
        }
    }

    /** The next name that comes before {@code limit} and is passed over with this, or null; null as limit is the end. */
    byte[] passed(byte[] limit) {
        return at < end && (limit == null || Arrays.compareUnsigned(names[at], limit) < 0) ? names[at++] : null;
    }

    /** Whether the next name is this one; then it is passed. */
    boolean take(byte[] name) {
        if (at < end && Arrays.equals(names[at], name)) {
            at++;
            return true;
        }
        return false;
    }

    /** Forgets all names but one. */
    void only(byte[] name) {
        int found = Arrays.binarySearch(names, name, Arrays::compareUnsigned);
        at = found < 0 ? names.length : found;
        end = found < 0 ? names.length : found + 1;
    }

    byte[][] all() {
        return names;
    }
}
