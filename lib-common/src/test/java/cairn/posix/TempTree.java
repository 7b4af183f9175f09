package cairn.posix;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A directory of a test, held by its descriptor; removed with everything below it, however deep and whatever its names. */
public final class TempTree implements AutoCloseable {
    private final int parent;
    private final byte[] name;
    private final byte[] path;
    public final int fd;

    /** @param base an existing directory, for example JUnit's {@code @TempDir} */
    public TempTree(Path base) throws PosixException {
        byte[] basePath = RawString.encode(base.toAbsolutePath().toString());
        parent = Open.openat(Open.AT_FDCWD, basePath, Open.O_RDONLY | Open.O_DIRECTORY, 0);
        name = bytes("t" + System.nanoTime());
        path = RawPath.join(basePath, name);
        Dirs.mkdir(parent, name, 0700);
        fd = Open.openat(parent, name, Open.O_RDONLY | Open.O_DIRECTORY, 0);
    }

    /** Each char is one byte: {@code "bad\377\376"} is a raw name. */
    public static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    public byte[] path() {
        return path.clone();
    }

    public byte[] path(String below) {
        return RawPath.join(path, bytes(below));
    }

    /** Writes a file; directories on the way are not made. */
    public TempTree file(String relative, String content) throws PosixException {
        int file = Open.openat(fd, bytes(relative), Open.O_WRONLY | Open.O_CREAT | Open.O_TRUNC, 0644);
        byte[] data = bytes(content);
        Io.write(file, data, 0, data.length);
        Open.close(file);
        return this;
    }

    /** Makes a directory and those on the way to it. */
    public TempTree dir(String relative) throws PosixException {
        for (int slash = relative.indexOf('/'); slash > 0; slash = relative.indexOf('/', slash + 1)) {
            makeDir(relative.substring(0, slash));
        }
        makeDir(relative);
        return this;
    }

    private void makeDir(String relative) throws PosixException {
        if (!new Stat().exists(fd, bytes(relative))) {
            Dirs.mkdir(fd, bytes(relative), 0755);
        }
    }

    public TempTree symlink(String relative, String target) throws PosixException {
        Dirs.symlink(bytes(target), fd, bytes(relative));
        return this;
    }

    public Stat stat(String relative) throws PosixException {
        return new Stat().at(fd, bytes(relative));
    }

    @Override
    public void close() throws PosixException {
        removeBelow(fd);
        Open.close(fd);
        Dirs.rmdir(parent, name);
        Open.close(parent);
    }

    private static void removeBelow(int dirfd) throws PosixException {
        Stat stat = new Stat();
        long dev = stat.of(dirfd).dev();
        Io.seek(dirfd, 0);
        boolean again = true;
        while (again) {
            again = false;
            DirStream entries = new DirStream(dirfd);
            while (entries.next()) {
                byte[] entry = entries.name();
                stat.at(dirfd, entry);
                if (stat.isDirectory() && stat.dev() == dev) {
                    int child = Open.openat(dirfd, entry, Open.O_RDONLY | Open.O_DIRECTORY | Open.O_NOFOLLOW, 0);
                    try {
                        removeBelow(child);
                    } finally {
                        Open.close(child);
                    }
                    Dirs.rmdir(dirfd, entry);
                } else {
                    Dirs.unlink(dirfd, entry);
                }
                again = true;
            }
            if (again) {
                Io.seek(dirfd, 0);
            }
        }
    }
}
