package cairn.spool;

import cairn.posix.Dirs;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Where what outgrows memory goes: files that have no name, so that nothing is left whatever happens. */
public final class Spool {
    private final byte[] folder;

    /** @param folder a folder on a disk with room for it, not one in memory */
    public Spool(byte[] folder) {
        this.folder = folder;
    }

    /** A new empty file, open for reading and writing. */
    public int open() throws PosixException {
        try {
            return Open.openat(Open.AT_FDCWD, folder, Open.O_TMPFILE | Open.O_RDWR, 0600);
        } catch (PosixException e) {
            if (e.isNotFound() || e.isDenied() || e.isFull()) {
                throw e;
            }
        }
        byte[] name = RawPath.join(folder, RawString.encode("cairn-spool-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong())));
        int fd = Open.openat(Open.AT_FDCWD, name, Open.O_RDWR | Open.O_CREAT | Open.O_EXCL, 0600);
        Dirs.unlink(Open.AT_FDCWD, name);
        return fd;
    }
}
