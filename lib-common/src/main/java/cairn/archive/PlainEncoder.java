package cairn.archive;

import cairn.format.ByteWriter;
import cairn.posix.Dirs;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import cairn.record.RecordBody.CleanTime;
import cairn.repo.Timing;
import cairn.stream.PlainEnd;
import cairn.stream.PlainEntry;
import cairn.stream.PlainFrames;
import cairn.stream.StreamFormat;
import cairn.stream.StreamWriter;
import cairn.tree.Attributes;
import cairn.tree.EntryType;
import cairn.tree.LinkGroup;
import cairn.tree.ScanStat;
import cairn.walk.Directory;
import cairn.walk.LeftOut;
import cairn.walk.Unsaved;
import cairn.walk.Visitor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Turns a walk into a plain stream: {@link PlainFrames} has the grammar. Reads what an {@link Archiver} would read, in the
 * order of the walk, and holds one piece of one file in memory.
 */
public final class PlainEncoder implements Visitor {
    private static final int MOST_REMEMBERED_LINKS = 4096;

    private final StreamWriter out;
    private final ArchiveCounts counts;
    private final ArchiveListener listener;
    private final BooleanSupplier cancelled;
    private final CleanTimes cleanTimes;
    private final Set<Long> users = new HashSet<>();
    private final Set<Long> groups = new HashSet<>();
    private final Stat before = new Stat();
    private final Stat after = new Stat();
    private final byte[] buffer = new byte[StreamFormat.USUAL];
    /** Files with several names that were sent lately: their other names are not read again. */
    private final Map<LinkGroup, Linked> linked = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<LinkGroup, Linked> eldest) {
            return size() > MOST_REMEMBERED_LINKS;
        }
    };
    private long entries;
    private boolean stopped;

    private record Linked(byte[] path, long ctime, int ctimeNanos) {
    }

    /** Ends the walk from inside. */
    private static final class StopException extends IOException {
        private static final long serialVersionUID = 1;
    }

    public PlainEncoder(StreamWriter out, ArchiveCounts counts, ArchiveListener listener, BooleanSupplier cancelled) {
        this(out, counts, listener, cancelled, Timing.SYSTEM);
    }

    public PlainEncoder(StreamWriter out, ArchiveCounts counts, ArchiveListener listener, BooleanSupplier cancelled, Timing timing) {
        this.out = out;
        this.counts = counts;
        this.listener = listener;
        this.cancelled = cancelled;
        this.cleanTimes = new CleanTimes(listener, timing);
    }

    /**
     * Sends everything that a source gives, and the end of the backup; the trailer is left to the caller.
     *
     * @return whether it was interrupted: the stream is then partial
     */
    public boolean run(Archiver.Source source) throws IOException {
        try {
            source.walk(this);
        } catch (StopException interrupted) {
            stopped = true;
        }
        for (CleanTime clean : cleanTimes.all()) {
            ByteWriter frame = new ByteWriter(64).varint(clean.deviceMajor() & 0xFFFFFFFFL).varint(clean.deviceMinor() & 0xFFFFFFFFL);
            frame.signed(clean.time().getEpochSecond()).varint(clean.time().getNano()).signed(clean.marginNanos());
            out.write(PlainFrames.CLEAN, frame.toBytes());
        }
        names(0, RecordMaker.userNames(users));
        names(1, RecordMaker.groupNames(groups));
        out.write(PlainFrames.BACKUP_END, new PlainEnd(stopped || !source.complete(), entries).encode());
        return stopped;
    }

    private void names(int kind, Map<Long, byte[]> names) throws IOException {
        for (Map.Entry<Long, byte[]> name : names.entrySet()) {
            out.write(PlainFrames.NAME, new ByteWriter(64).u8(kind).varint(name.getKey()).string(name.getValue()).toBytes());
        }
    }

    private void stopIfAsked() throws StopException {
        if (cancelled.getAsBoolean()) {
            throw new StopException();
        }
    }

    private void trouble(byte[] path, String message) throws IOException {
        counts.problems.increment();
        listener.problem(path, message);
        out.write(PlainFrames.PROBLEM, new ByteWriter(256).string(path).string(message.getBytes(StandardCharsets.UTF_8)).toBytes());
    }

    /** Collects what attributes could not be read: it is told behind the entry, because frames do not nest. */
    private static final class Troubles implements AttributeReader.Problems {
        private final List<String> messages = new ArrayList<>(0);

        @Override
        public void add(String message) {
            messages.add(message);
        }
    }

    private void write(PlainEntry entry, Troubles troubles) throws IOException {
        out.write(PlainFrames.ENTRY, entry.encode());
        for (byte[] xattr : entry.furtherXattrs()) {
            out.write(PlainFrames.XATTR, xattr);
        }
        users.add(entry.attributes().uid());
        groups.add(entry.attributes().gid());
        entries++;
        if (entry.type() != EntryType.FILE) {
            tell(entry.path(), troubles);
        }
    }

    private void tell(byte[] path, Troubles troubles) throws IOException {
        for (String message : troubles.messages) {
            trouble(path, message);
        }
    }

    @Override
    public void enterDirectory(Directory directory) throws IOException {
        stopIfAsked();
        Stat stat = directory.stat();
        long device = directory.recordedDev(stat.dev());
        cleanTimes.enter(directory.fd(), stat, device, directory.taken());
        Troubles troubles = new Troubles();
        Attributes attributes = directory.isPathOnly() ? AttributeReader.ofPathFd(directory.fd(), stat, troubles)
                : AttributeReader.ofOpen(directory.fd(), stat, null, troubles);
        write(new PlainEntry(directory.path(), EntryType.DIRECTORY, attributes, FileReader.scanStat(stat, device), 0, null, 0, 0), troubles);
        counts.directories.increment();
    }

    @Override
    public void leaveDirectory(Directory directory) {
        // what follows says by its path that it is elsewhere
    }

    @Override
    public void entry(Directory directory, byte[] name, Stat stat) throws IOException {
        stopIfAsked();
        byte[] path = directory.path(name);
        EntryType type = EntryType.ofMode(stat.mode());
        if (type == null) {
            trouble(path, "is of a type that this system does not know");
        } else if (type == EntryType.FILE) {
            file(directory, name, path, stat);
        } else {
            other(directory, name, path, type, stat);
        }
    }

    private void other(Directory directory, byte[] name, byte[] path, EntryType type, Stat stat) throws IOException {
        Troubles troubles = new Troubles();
        ScanStat scanned = FileReader.scanStat(stat, directory.recordedDev(stat.dev()));
        LinkGroup group = group(stat);
        try {
            byte[] target = type == EntryType.SYMLINK ? Dirs.readlink(directory.fd(), name) : null;
            Attributes attributes = AttributeReader.ofNamed(directory.fd(), name, stat, group, troubles);
            boolean device = type == EntryType.CHAR_DEVICE || type == EntryType.BLOCK_DEVICE;
            write(new PlainEntry(path, type, attributes, scanned, 0, target, device ? stat.rdevMajor() : 0,
                    device ? stat.rdevMinor() : 0), troubles);
            counts.others.increment();
        } catch (PosixException e) {
            trouble(path, Unsaved.why(e, "read"));
        }
    }

    /** Names of one inode, as a reader can tell them; null unless it has several. */
    private static LinkGroup group(Stat stat) {
        return stat.nlink() > 1 ? new LinkGroup(stat.dev(), stat.ino()) : null;
    }

    private void file(Directory directory, byte[] name, byte[] path, Stat seen) throws IOException {
        LinkGroup group = group(seen);
        Linked first = group == null ? null : linked.get(group);
        if (first != null && first.ctime == seen.ctime() && first.ctimeNanos == seen.ctimeNanos()) {
            out.write(PlainFrames.LINK, new ByteWriter(256).string(path).string(first.path).toBytes());
            counts.filesNew.increment();
            counts.bytesSeen.add(seen.size());
            entries++;
            return;
        }
        int fd;
        try {
            fd = Open.forReading(directory.fd(), name, 0);
        } catch (PosixException e) {
            trouble(path, Unsaved.why(e, "open"));
            return;
        }
        try {
            listener.reading(path);
            long inode = seen.ino();
            long device = seen.dev();
            for (boolean again = false;; again = true) {
                before.of(fd);
                if (!before.isRegular()) {
                    trouble(path, "was replaced while it was being saved");
                    return;
                }
                boolean replaced = before.ino() != inode || before.dev() != device;
                Troubles troubles = new Troubles();
                Attributes attributes = AttributeReader.ofOpen(fd, before, group(before), troubles);
                write(new PlainEntry(path, EntryType.FILE, attributes,
                        FileReader.scanStat(before, directory.recordedDev(before.dev())), before.size(), null, 0, 0), troubles);
                long size = content(fd, path, before.size(), before.blocks() * 512 < before.size());
                if (size < 0) {
                    tell(path, troubles);
                    return;
                }
                after.of(fd);
                boolean changed = after.mtime() != before.mtime() || after.mtimeNanos() != before.mtimeNanos()
                        || after.ctime() != before.ctime() || after.ctimeNanos() != before.ctimeNanos() || after.size() != before.size();
                if (changed && !again) {
                    continue; // it is sent once more, and the last counts
                }
                if (replaced) {
                    trouble(path, "was replaced while it was being saved");
                }
                if (changed) {
                    trouble(path, "changed while it was being read");
                }
                tell(path, troubles);
                counts.filesNew.increment();
                counts.bytesSeen.add(size);
                if (before.nlink() > 1 && !changed) {
                    linked.put(group(before), new Linked(path, before.ctime(), before.ctimeNanos()));
                }
                return;
            }
        } finally {
            Open.close(fd);
        }
    }

    /** Sends the content of a file. @return its bytes, holes included; -1 if it could not be read to its end */
    private long content(int fd, byte[] path, long size, boolean holes) throws IOException {
        long at = 0;
        String failed = null;
        try {
            while (at < size) {
                long data = holes ? Io.seekData(fd, at) : at;
                data = data < 0 || data > size ? size : data;
                if (data > at) {
                    out.write(PlainFrames.HOLE, new ByteWriter(16).varint(data - at).toBytes());
                }
                long end = data == size ? size : holes ? Math.min(Io.seekHole(fd, data), size) : size;
                at = data(fd, data, end);
                if (at < end) {
                    break; // it shrank
                }
            }
        } catch (PosixException e) {
            failed = "cannot read it: " + e.reason();
        } catch (StopException interrupted) {
            out.write(PlainFrames.DROP, new byte[0]);
            throw interrupted;
        }
        out.write(failed == null ? PlainFrames.DONE : PlainFrames.DROP, new byte[0]);
        if (failed != null) {
            trouble(path, failed);
            return -1;
        }
        return at;
    }

    /** Sends the bytes of a stretch. @return where they ended: before its end if the file shrank */
    private long data(int fd, long from, long to) throws IOException {
        long at = from;
        while (at < to) {
            stopIfAsked();
            int want = (int) Math.min(buffer.length, to - at);
            int got = Io.pread(fd, at, buffer, 0, want);
            if (got > 0) {
                out.write(PlainFrames.DATA, buffer, 0, got);
            }
            counts.bytesRead.add(got);
            at += got;
            if (got < want) {
                break;
            }
        }
        return at;
    }

    @Override
    public void problem(byte[] path, PosixException error) throws IOException {
        trouble(path, Unsaved.why(error));
    }

    @Override
    public void changed(byte[] path, int expected, int found) throws IOException {
        trouble(path, ChangedType.message(expected, found));
    }

    @Override
    public void told(byte[] path, String message) throws IOException {
        trouble(path, message);
    }

    @Override
    public void leftOut(byte[] path, LeftOut reason, String detail) {
        if (reason != LeftOut.EXCLUDED) {
            listener.leftOut(path, detail == null ? reason.meaning() : reason.meaning() + ": " + detail);
        }
    }
}
