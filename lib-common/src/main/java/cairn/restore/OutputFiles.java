package cairn.restore;

import cairn.posix.Dirs;
import cairn.posix.Extents;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files that are being written. Of those of many pieces a bounded number is open; one that is closed meanwhile is
 * opened again by its name and must be the same inode. When the last piece of a file is there, it is finished at once.
 */
final class OutputFiles implements AutoCloseable {
    private final RestoreContext context;
    private final FileOpener opener;
    private final int mostOpen;
    /** What exists is not looked at again by the next restore, so no file may appear before it is complete. */
    private final boolean careful;
    private final Map<Long, OutputFile> files = new HashMap<>();
    private final Map<Long, OutputFile> opened = new LinkedHashMap<>(64, 0.75f, true);

    OutputFiles(RestoreContext context, int mostOpen) {
        this.context = context;
        this.opener = new FileOpener(context);
        this.mostOpen = mostOpen;
        this.careful = context.options.overwrite() == Overwrite.NEVER || context.options.overwrite() == Overwrite.IF_NEWER;
    }

    /** Makes a file whose content is all in one piece: created, written, given its attributes and closed. */
    void writeNew(DirHandles.Handle dir, Node node, byte[] from, int offset, int length, long at) throws IOException {
        AttributeSetter.Have have = context.expectedOwner(dir);
        boolean own = have != null && have.uid() == node.attributes().uid() && have.gid() == node.attributes().gid();
        int mode = own ? node.attributes().mode() & 0777 : 0600;
        byte[] work = careful ? context.temps.next() : node.name();
        int fd = Open.openat(dir.fd, work, Open.O_WRONLY | Open.O_CREAT | Open.O_EXCL | Open.O_NOFOLLOW, mode);
        try {
            if (have == null) {
                have = AttributeSetter.Have.of(new Stat().of(fd));
            } else {
                have = new AttributeSetter.Have(have.uid(), have.gid(), mode);
            }
            if ((node.attributes().inodeFlags() & AttributeSetter.EARLY) != 0) {
                context.setter.earlyFlags(new Place.Opened(fd), node.attributes(), context.path(node));
            }
            if (at + length < node.size() || at > 0) {
                Io.truncate(fd, node.size());
            }
            if (at > 0) {
                Io.pwrite(fd, at, from, offset, length);
            } else if (length > 0) {
                Io.write(fd, from, offset, length);
            }
            context.setter.setNew(new Place.Opened(fd), node.type(), node.attributes(), have, dir.inherits,
                    !node.is(Node.LATE_FLAGS), context.path(node));
        } catch (IOException e) {
            Open.close(fd);
            throw e;
        }
        Open.closeWritten(fd);
        if (careful) {
            FileOpener.appear(dir.fd, work, node.name());
        }
        context.tally.wrote(length);
        context.tally.done(RestoreListener.Action.CREATED, context.path(node));
    }

    /** Writes one piece of a file. */
    void write(Node node, byte[] from, int offset, int length, long at) {
        OutputFile file = file(node);
        try {
            int fd = acquire(file);
            try {
                Io.pwrite(fd, at, from, offset, length);
            } finally {
                release(file);
            }
            context.tally.wrote(length);
        } catch (IOException e) {
            fail(file, e);
        }
        complete(file);
    }

    /** Makes sure that a stretch of a file is a hole. */
    void punch(Node node, long at, long length) {
        OutputFile file = file(node);
        try {
            int fd = acquire(file);
            try {
                Extents.punchHole(fd, at, length);
            } finally {
                release(file);
            }
        } catch (PosixException e) {
            if (e.isUnsupported()) {
                zero(file, at, length);
            } else {
                fail(file, e);
            }
        } catch (IOException e) {
            fail(file, e);
        }
        complete(file);
    }

    private void zero(OutputFile file, long at, long length) {
        byte[] zeros = new byte[(int) Math.min(length, 256 << 10)];
        try {
            int fd = acquire(file);
            try {
                for (long done = 0; done < length; done += zeros.length) {
                    Io.pwrite(fd, at + done, zeros, 0, (int) Math.min(zeros.length, length - done));
                }
            } finally {
                release(file);
            }
        } catch (IOException e) {
            fail(file, e);
        }
    }

    /** Opens and finishes a file of which no piece has to be written: only its size or its holes were wrong. */
    void touch(Node node) {
        OutputFile file = file(node);
        try {
            acquire(file);
            release(file);
        } catch (IOException e) {
            fail(file, e);
        }
        finish(file);
    }

    /** A piece of a file cannot be had. */
    void lose(Node node, IOException why) {
        OutputFile file = file(node);
        fail(file, why);
        complete(file);
    }

    private OutputFile file(Node node) {
        synchronized (files) {
            return files.computeIfAbsent(node.id(), id -> new OutputFile(node));
        }
    }

    private void fail(OutputFile file, IOException why) {
        boolean first;
        synchronized (file) {
            first = !file.failed;
            file.failed = true;
        }
        if (first) {
            context.lost(file.node);
            context.tally.failed(context.path(file.node), why);
        }
    }

    private void complete(OutputFile file) {
        if (file.remaining.decrementAndGet() == 0) {
            finish(file);
        }
    }

    private int acquire(OutputFile file) throws IOException {
        synchronized (file) {
            if (file.fd < 0) {
                if (file.failed && file.workName == null) {
                    throw new IOException("could not be opened");
                }
                try (DirHandles.Handle dir = context.dirs.acquire(file.node.parent())) {
                    if (file.workName == null) {
                        opener.open(file, dir);
                    } else {
                        opener.reopen(file, dir);
                    }
                }
            }
            file.users++;
        }
        remember(file);
        return file.fd;
    }

    private void release(OutputFile file) {
        synchronized (file) {
            file.users--;
        }
    }

    private void remember(OutputFile file) {
        synchronized (opened) {
            opened.put(file.node.id(), file);
            var eldest = opened.values().iterator();
            for (int over = opened.size() - mostOpen; over > 0 && eldest.hasNext(); ) {
                OutputFile candidate = eldest.next();
                if (candidate != file && closeIfIdle(candidate)) {
                    eldest.remove();
                    over--;
                }
            }
        }
    }

    private boolean closeIfIdle(OutputFile file) {
        synchronized (file) {
            if (file.users > 0) {
                return false;
            }
            if (file.fd >= 0) {
                int fd = file.fd;
                file.fd = -1;
                try {
                    Open.closeWritten(fd);
                } catch (PosixException e) {
                    fail(file, e);
                }
            }
            return true;
        }
    }

    private void finish(OutputFile file) {
        synchronized (files) {
            files.remove(file.node.id());
        }
        synchronized (opened) {
            opened.remove(file.node.id());
        }
        synchronized (file) {
            if (file.workName == null) {
                return;
            }
            try (DirHandles.Handle dir = context.dirs.acquire(file.node.parent())) {
                if (file.fd < 0) {
                    opener.reopen(file, dir);
                }
                try {
                    opener.finish(file, dir);
                } finally {
                    if (file.fd >= 0) {
                        Open.close(file.fd);
                        file.fd = -1;
                    }
                }
            } catch (IOException e) {
                fail(file, e);
            }
        }
    }

    /** Gives up what is not complete: after an interruption. Temporary files go, notes stay. */
    @Override
    public void close() {
        synchronized (files) {
            for (OutputFile file : files.values()) {
                synchronized (file) {
                    if (file.fd >= 0) {
                        Open.close(file.fd);
                        file.fd = -1;
                    }
                    if (file.way == OutputFile.Way.BESIDE) {
                        try (DirHandles.Handle dir = context.dirs.acquire(file.node.parent())) {
                            Dirs.unlink(dir.fd, file.workName);
                        } catch (IOException e) {
                            // the next restore finds it by its name
                        }
                    }
                }
            }
            files.clear();
        }
    }
}
