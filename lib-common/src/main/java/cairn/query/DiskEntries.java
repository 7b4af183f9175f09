package cairn.query;

import cairn.archive.AttributeReader;
import cairn.posix.DirStream;
import cairn.posix.Dirs;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Stat;
import cairn.tree.Attributes;
import cairn.tree.Entry;
import cairn.tree.EntryType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Entries of a folder on disk, by directory handles, no symlink followed. What vanishes while it is looked at is as if
 * it had not been there; what cannot be read is told and compared as far as it goes. Holds a descriptor a level.
 */
final class DiskEntries implements FolderEntries {
    private static final byte[] DOT = {'.'};

    private final int dir;
    private final byte[] path;
    private final List<byte[]> names;
    private final TreeDiff.Listener listener;
    private final Stat stat = new Stat();
    private final long device;
    private int at;
    private int file = -1;
    private Entry entry;

    private DiskEntries(int dir, byte[] path, List<byte[]> names, TreeDiff.Listener listener) throws PosixException {
        this.dir = dir;
        this.path = path;
        this.names = names;
        this.listener = listener;
        this.device = stat.of(dir).dev();
    }

    /** The one entry at a path; a symlink at its end is not followed unless a slash follows. */
    static DiskEntries of(byte[] path, TreeDiff.Listener listener) throws PosixException {
        byte[] normal = RawPath.normalise(path);
        byte[][] parts = RawPath.split(normal);
        boolean folder = path[path.length - 1] == '/' || parts.length == 0 || Arrays.equals(parts[parts.length - 1], new byte[] {'.', '.'});
        if (folder) {
            return new DiskEntries(directory(normal), normal, List.of(DOT), listener);
        }
        byte[][] above = Arrays.copyOf(parts, parts.length - 1);
        byte[] parent = RawPath.build(RawPath.isAbsolute(normal), above);
        return new DiskEntries(directory(parent), parent, List.of(parts[parts.length - 1]), listener);
    }

    private static int directory(byte[] path) throws PosixException {
        return Open.openLong(Open.AT_FDCWD, path, Open.O_RDONLY | Open.O_DIRECTORY | Open.O_CLOEXEC, 0);
    }

    @Override
    public boolean next() {
        closeFile();
        while (at < names.size()) {
            byte[] name = names.get(at++);
            try {
                stat.at(dir, name, Stat.AT_SYMLINK_NOFOLLOW | Stat.AT_NO_AUTOMOUNT);
                entry = read(name);
                if (entry != null) {
                    return true;
                }
            } catch (PosixException e) {
                closeFile();
                if (!e.isNotFound()) {
                    problem(name, e.reason());
                }
            }
        }
        return false;
    }

    private Entry read(byte[] name) throws PosixException {
        EntryType type = EntryType.ofMode(stat.mode());
        AttributeReader.Problems problems = message -> problem(name, message);
        if (type == EntryType.FILE || type == EntryType.DIRECTORY && !stat.isAutomount()) {
            try {
                file = Open.forReading(dir, name, type == EntryType.DIRECTORY ? Open.O_DIRECTORY : 0);
                stat.of(file);
            } catch (PosixException e) {
                if (e.isNotFound()) {
                    throw e;
                }
                problem(name, "cannot be opened: " + e.reason());
            }
        }
        Attributes attributes = file >= 0 ? AttributeReader.ofOpen(file, stat, null, problems) : AttributeReader.ofNamed(dir, name, stat, null, problems);
        return switch (type) {
            case FILE -> new Entry.File(name, attributes, stat.size(), null);
            case DIRECTORY -> new Entry.Directory(name, attributes, null);
            case SYMLINK -> new Entry.Symlink(name, attributes, Dirs.readlink(dir, name));
            case CHAR_DEVICE, BLOCK_DEVICE -> new Entry.Special(name, attributes, type, stat.rdevMajor(), stat.rdevMinor());
            case FIFO, SOCKET -> new Entry.Special(name, attributes, type, 0, 0);
            case null -> null;
        };
    }

    private void problem(byte[] name, String message) {
        listener.problem(RawPath.normalise(RawPath.join(path, name)), message);
    }

    @Override
    public Entry entry() {
        return entry;
    }

    /** Another file system below is not gone into where the other side has nothing: a backup leaves such folders empty. */
    @Override
    public FolderEntries open(boolean emptyOtherwise) throws PosixException {
        if (file < 0 || emptyOtherwise && stat.dev() != device) {
            return null;
        }
        List<byte[]> found = new ArrayList<>();
        int folder = file;
        file = -1;
        try {
            DirStream stream = new DirStream(folder);
            while (stream.next()) {
                found.add(stream.name());
            }
            found.sort(Arrays::compareUnsigned);
            return new DiskEntries(folder, RawPath.join(path, entry.name()), found, listener);
        } catch (PosixException e) {
            Open.close(folder);
            problem(entry.name(), "cannot be listed: " + e.reason());
            return null;
        }
    }

    @Override
    public int file() {
        return file;
    }

    @Override
    public boolean onDisk() {
        return true;
    }

    private void closeFile() {
        if (file >= 0) {
            Open.close(file);
            file = -1;
        }
    }

    @Override
    public void close() {
        closeFile();
        Open.close(dir);
    }
}
