package cairn.restore;

import cairn.posix.Dirs;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import cairn.posix.Sys;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The notes beside files that are patched in place: until one is gone, its file is neither old nor new. A note is a
 * small file of one line that people can read, and the raw name to its end:
 *
 * <pre>cairn is restoring this file in place; if no restore is running, restore it again: NAME</pre>
 */
final class Notes {
    private static final byte[] HEAD = RawString.encode("cairn is restoring this file in place; if no restore is running, restore it again: ");

    private final TempNames names;
    /** Notes of restores that were killed, by the node that will be right once this one is done. */
    private final Map<Long, byte[]> older = new ConcurrentHashMap<>();

    Notes(TempNames names) {
        this.names = names;
    }

    /** Leaves a note. @param durable whether it has to outlast a power cut from now on */
    byte[] leave(int dirfd, byte[] name, boolean durable) throws PosixException {
        byte[] note = names.nextNote();
        int fd = Open.openat(dirfd, note, Open.O_WRONLY | Open.O_CREAT | Open.O_EXCL | Open.O_NOFOLLOW, 0600);
        try {
            byte[] text = Arrays.copyOf(HEAD, HEAD.length + name.length);
            System.arraycopy(name, 0, text, HEAD.length, name.length);
            Io.write(fd, text, 0, text.length);
            if (durable) {
                Io.fsync(fd);
            }
        } finally {
            Open.close(fd);
        }
        if (durable) {
            syncFolder(dirfd);
        }
        return note;
    }

    /** The name that a note is about, or null if it is cut off: then nothing was patched yet. */
    static byte[] read(int dirfd, byte[] note) throws PosixException {
        byte[] text = Sys.readFile(dirfd, note);
        return text.length > HEAD.length && Arrays.equals(text, 0, HEAD.length, HEAD, 0, HEAD.length)
                ? Arrays.copyOfRange(text, HEAD.length, text.length) : null;
    }

    /** Remembers the note of a killed restore until the file is right. */
    void inherit(long node, byte[] note) {
        older.put(node, note);
    }

    /** The file of a node is right and its content durable: its older note goes. */
    void settle(int dirfd, long node) {
        byte[] note = older.remove(node);
        if (note != null) {
            remove(dirfd, note);
        }
    }

    static void remove(int dirfd, byte[] note) {
        try {
            Dirs.unlink(dirfd, note);
        } catch (PosixException e) {
            // a note too many costs the next restore a comparison
        }
    }

    private static void syncFolder(int dirfd) throws PosixException {
        int fd = Open.openat(dirfd, Names.DOT, Open.O_RDONLY | Open.O_DIRECTORY, 0);
        try {
            Io.fsync(fd);
        } catch (IOException e) {
            // some file systems cannot sync a folder; the note is written all the same
        } finally {
            Open.close(fd);
        }
    }
}
