package cairn.archive;

import cairn.archive.ChangeRule.FileSystemTraits;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Dirs;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import cairn.tree.Attributes;
import cairn.tree.Content;
import cairn.tree.CutKey;
import cairn.tree.DirectoryWriter;
import cairn.tree.Entry;
import cairn.tree.EntryType;
import cairn.tree.LinkGroup;
import cairn.tree.ScanStat;
import cairn.tree.TreeSink;
import cairn.walk.Directory;
import cairn.walk.LeftOut;
import cairn.walk.Unsaved;
import cairn.walk.Visitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/**
 * Turns the walk into a tree: takes over what the base backups have and did not change, reads attributes of what is no
 * file, and hands files to the workers. Runs in the walk's thread.
 */
final class TreeBuilder implements Visitor {
    private static final int MOST_REMEMBERED_LINKS = 4096;

    private final TreeSink sink;
    private final CutKey cut;
    private final Workers workers;
    private final ChangeRule rule;
    private final CleanTimes cleanTimes;
    private final LinkTable links;
    private final List<BaseBackup> bases;
    private final ArchiveCounts counts;
    private final ArchiveListener listener;
    private final Alive alive;
    private final BooleanSupplier cancelled;
    private final Sampler sampler;
    private final Pending pending = new Pending();
    private final Semaphore handles = new Semaphore(DirectoryHandle.MOST);
    private final ArrayList<Frame> stack = new ArrayList<>();
    private final DirectoryNode rootHolder;
    private final Set<Long> users = new HashSet<>();
    private final Set<Long> groups = new HashSet<>();
    /** Files with several names that were taken over or read lately, by link group: their other names are not read again. */
    private final Map<LinkGroup, Linked> linked = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<LinkGroup, Linked> eldest) {
            return size() > MOST_REMEMBERED_LINKS;
        }
    };

    /** A directory that the walk is in. */
    private static final class Frame {
        final DirectoryNode node;
        final Directory directory;
        final FileSystemTraits traits;
        final List<BaseBackup.Cursor> bases;
        DirectoryHandle handle;

        Frame(DirectoryNode node, Directory directory, FileSystemTraits traits, List<BaseBackup.Cursor> bases) {
            this.node = node;
            this.directory = directory;
            this.traits = traits;
            this.bases = bases;
        }
    }

    record Linked(Entry.File entry, ScanStat stat) {
    }

    /** Shows others that this run is at work, also while it finds nothing to write. */
    @FunctionalInterface
    interface Alive {
        void show() throws IOException;
    }

    TreeBuilder(TreeSink sink, Alive alive, CutKey cut, Workers workers, ChangeRule rule, CleanTimes cleanTimes, LinkTable links,
            List<BaseBackup> bases, ArchiveCounts counts, ArchiveListener listener, BooleanSupplier cancelled, Sampler sampler) {
        this.sink = sink;
        this.alive = alive;
        this.cut = cut;
        this.workers = workers;
        this.rule = rule;
        this.cleanTimes = cleanTimes;
        this.links = links;
        this.bases = bases;
        this.counts = counts;
        this.listener = listener;
        this.cancelled = cancelled;
        this.sampler = sampler;
        this.rootHolder = new DirectoryNode(null, null, null, null, new DirectoryWriter(sink, cut), pending);
    }

    /** Ends the walk from inside: the backup was interrupted or its storage failed. */
    static final class StopException extends IOException {
        private static final long serialVersionUID = 1;
    }

    private void stopIfAsked() throws IOException {
        alive.show();
        if (cancelled.getAsBoolean() || workers.failure() != null) {
            throw new StopException();
        }
    }

    /** Leaves all directories that the walk is in: it was stopped. */
    void leaveAll() throws IOException {
        while (!stack.isEmpty()) {
            leaveDirectory(stack.getLast().directory);
        }
    }

    @Override
    public void enterDirectory(Directory directory) throws IOException {
        stopIfAsked();
        Stat stat = directory.stat();
        long device = directory.recordedDev(stat.dev());
        FileSystemTraits traits = cleanTimes.enter(directory.fd(), stat, device, directory.taken());
        Frame parent = stack.isEmpty() ? null : stack.getLast();
        byte[] own = directory.name();
        List<BaseBackup.Cursor> cursors = new ArrayList<>(bases.size());
        Attributes attributes = null;
        List<BaseBackup.Cursor> above = parent == null ? roots() : parent.bases;
        for (BaseBackup.Cursor cursor : above) {
            BaseBackup.Match match = cursor.find(own);
            if (match != null && match.entry() instanceof Entry.Directory older) {
                cursors.add(match.base().directory(older, match.stat()));
                if (attributes == null && rule.unchanged(stat, device, older, match.stat(), match.base().clean(device), traits)) {
                    attributes = older.attributes();
                }
            }
        }
        if (attributes == null) {
            byte[] path = directory.path();
            AttributeReader.Problems problems = message -> listener.problem(path, message);
            attributes = directory.isPathOnly() ? AttributeReader.ofPathFd(directory.fd(), stat, problems)
                    : AttributeReader.ofOpen(directory.fd(), stat, null, problems);
        }
        remember(stat);
        Slot slot = (parent == null ? rootHolder : parent.node).open();
        DirectoryNode node = new DirectoryNode(slot, own, attributes, FileReader.scanStat(stat, device), new DirectoryWriter(sink, cut), pending);
        stack.add(new Frame(node, directory, traits, cursors));
        counts.directories.increment();
    }

    private List<BaseBackup.Cursor> roots() {
        List<BaseBackup.Cursor> cursors = new ArrayList<>(bases.size());
        bases.forEach(base -> cursors.add(base.root()));
        return cursors;
    }

    @Override
    public void leaveDirectory(Directory directory) throws IOException {
        Frame frame = stack.removeLast();
        if (frame.handle != null) {
            frame.handle.release();
        }
        frame.node.leave();
        if (stack.isEmpty()) {
            workers.flush();
            rootHolder.leave();
        }
    }

    @Override
    public void entry(Directory directory, byte[] name, Stat stat) throws IOException {
        stopIfAsked();
        Frame frame = stack.getLast();
        EntryType type = EntryType.ofMode(stat.mode());
        if (type == null) {
            listener.problem(directory.path(name), "is of a type that this system does not know");
            return;
        }
        pending.acquire(workers::flush);
        Slot slot = frame.node.open();
        remember(stat);
        long device = directory.recordedDev(stat.dev());
        LinkGroup group = stat.nlink() > 1 ? links.group(stat.dev(), stat.ino(), directory.path(name)) : null;
        BaseBackup.Match older = null;
        boolean known = false;
        for (BaseBackup.Cursor cursor : frame.bases) {
            BaseBackup.Match match = cursor.find(name);
            if (match != null && match.entry().type() == type) {
                known = true;
                if (older == null && rule.unchanged(stat, device, match.entry(), match.stat(), match.base().clean(device), frame.traits)) {
                    older = match;
                }
            }
        }
        if (older != null) {
            takeOver(frame, slot, older.entry(), stat, group);
        } else if (type == EntryType.FILE) {
            readFile(frame, slot, name, stat, group, known);
        } else {
            readOther(frame, slot, name, stat, type, group);
        }
    }

    private void takeOver(Frame frame, Slot slot, Entry older, Stat stat, LinkGroup group) throws IOException {
        Entry entry = withGroup(older, group);
        frame.node.fill(slot, entry, FileReader.scanStat(stat, frame.directory.recordedDev(stat.dev())));
        if (entry instanceof Entry.File file) {
            counts.filesUnchanged.increment();
            counts.bytesSeen.add(file.size());
            long sample = sampler.sample(file.size());
            if (sample >= 0 && !(file.content() instanceof Content.Inline)) {
                DirectoryHandle handle = handle(frame);
                if (handle != null) {
                    workers.add(new RecheckSample(handle.retain(), file, frame.directory.path(file.name()), stat.ctime(), stat.ctimeNanos(), sample));
                }
            }
        } else {
            counts.others.increment();
        }
    }

    /** The entry with the link group of today: names may have come or gone. */
    private static Entry withGroup(Entry entry, LinkGroup group) {
        if (Objects.equals(entry.attributes().linkGroup(), group)) {
            return entry;
        }
        return entry.as(entry.name(), entry.attributes().withLinkGroup(group));
    }

    private void readFile(Frame frame, Slot slot, byte[] name, Stat stat, LinkGroup group, boolean known) throws IOException {
        Linked same = group == null ? null : linkedTo(group);
        if (same != null && same.stat.inode() == stat.ino() && same.stat.ctimeSeconds() == stat.ctime() && same.stat.ctimeNanos() == stat.ctimeNanos()) {
            Entry.File entry = same.entry;
            frame.node.fill(slot, new Entry.File(name, entry.attributes(), entry.size(), entry.content()),
                    FileReader.scanStat(stat, frame.directory.recordedDev(stat.dev())));
            count(known, entry.size());
            return;
        }
        DirectoryHandle handle = handle(frame);
        byte[] path = frame.directory.path(name);
        if (handle == null) {
            frame.node.fill(slot, null, null);
            listener.problem(path, "cannot be read: its directory cannot be opened twice");
            return;
        }
        workers.add(new SourceFile(slot, handle.retain(), name, path, group, stat.ino(), stat.dev(), frame.directory.recordedDev(stat.dev()), known,
                stat.size()));
    }

    /** Called by workers. */
    void done(SourceFile file, FileReader.Read read) throws IOException {
        if (read != null) {
            if (file.linkGroup() != null) {
                synchronized (linked) {
                    linked.put(file.linkGroup(), new Linked(read.entry(), read.stat()));
                }
            }
            count(file.known(), read.entry().size());
        }
        file.slot().directory.fill(file.slot(), read == null ? null : read.entry(), read == null ? null : read.stat());
    }

    private Linked linkedTo(LinkGroup group) {
        synchronized (linked) {
            return linked.get(group);
        }
    }

    private void count(boolean known, long size) {
        (known ? counts.filesChanged : counts.filesNew).increment();
        counts.bytesSeen.add(size);
    }

    private void readOther(Frame frame, Slot slot, byte[] name, Stat stat, EntryType type, LinkGroup group) throws IOException {
        int fd = frame.directory.fd();
        Entry entry = null;
        try {
            byte[] target = type == EntryType.SYMLINK ? Dirs.readlink(fd, name) : null;
            Attributes attributes = AttributeReader.ofNamed(fd, name, stat, group,
                    message -> listener.problem(frame.directory.path(name), message));
            boolean device = type == EntryType.CHAR_DEVICE || type == EntryType.BLOCK_DEVICE;
            entry = target != null ? new Entry.Symlink(name, attributes, target)
                    : new Entry.Special(name, attributes, type, device ? stat.rdevMajor() : 0, device ? stat.rdevMinor() : 0);
            counts.others.increment();
        } catch (PosixException e) {
            listener.problem(frame.directory.path(name), Unsaved.why(e, "read"));
        }
        frame.node.fill(slot, entry, FileReader.scanStat(stat, frame.directory.recordedDev(stat.dev())));
    }

    /** A handle of the directory that outlasts the walk's stay in it; null if no more can be opened. */
    private DirectoryHandle handle(Frame frame) {
        if (frame.handle == null) {
            if (!handles.tryAcquire()) {
                letGoOfHandles();
                workers.flush();
                handles.acquireUninterruptibly();
            }
            try {
                frame.handle = new DirectoryHandle(Open.dup(frame.directory.fd()), handles);
            } catch (PosixException e) {
                handles.release();
                return null;
            }
        }
        return frame.handle;
    }

    /** Directories on the way down keep no handle while others wait for one: they open another if they need it again. */
    private void letGoOfHandles() {
        for (Frame frame : stack) {
            if (frame.handle != null) {
                frame.handle.release();
                frame.handle = null;
            }
        }
    }

    private void remember(Stat stat) {
        users.add(stat.uid() & 0xFFFFFFFFL);
        groups.add(stat.gid() & 0xFFFFFFFFL);
    }

    @Override
    public void problem(byte[] path, PosixException error) {
        listener.problem(path, Unsaved.why(error));
    }

    @Override
    public void told(byte[] path, String message) {
        listener.problem(path, message);
    }

    @Override
    public void changed(byte[] path, int expected, int found) {
        listener.problem(path, ChangedType.message(expected, found));
    }

    @Override
    public void leftOut(byte[] path, LeftOut reason, String detail) {
        if (reason != LeftOut.EXCLUDED) {
            listener.leftOut(path, detail == null ? reason.meaning() : reason.meaning() + ": " + detail);
        }
    }

    /** The roots of the finished tree, once the workers have ended. */
    DirectoryWriter.Roots roots(Throwable failure) throws IOException {
        if (rootHolder.roots() == null && cancelled.getAsBoolean()) {
            throw new CairnException(ExitCode.INTERRUPTED, "interrupted before anything was saved", null);
        }
        if (rootHolder.roots() == null) {
            throw new IOException("the tree was not finished", failure);
        }
        return rootHolder.roots();
    }

    Set<Long> users() {
        return users;
    }

    Set<Long> groups() {
        return groups;
    }
}
