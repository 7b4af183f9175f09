package cairn.archive;

import cairn.chunk.Chunker;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.BlobId;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.record.RecordBody.CleanTime;
import cairn.repo.RepositoryKeys;
import cairn.repo.WriteSession;
import cairn.spool.RecordSorter;
import cairn.spool.Spool;
import cairn.tree.Attributes;
import cairn.tree.Content;
import cairn.tree.DirectoryWriter;
import cairn.tree.Entry;
import cairn.tree.LooseEntry;
import cairn.tree.ScanStat;
import cairn.tree.Xattr;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Takes entries that are not files of this machine, in any order, and makes a tree of them: from a stream, a tar archive, the
 * output of a command, another repository.
 *
 * <pre>
 * content --ChunkPipe--> data packs
 *    |
 * entries --RecordSorter (disk)--> sorted by path --TreeAssembler--> tree packs
 * </pre>
 *
 * Content is stored as it comes, cut as {@link FileReader} cuts it, so that the tree is the one that a backup of the same files
 * has. Of a path that comes more than once the last counts. Link groups that entries come with only say which of them are one
 * inode; the tree gets groups of its own, made as those of any backup. Memory does not grow with entries or content. For one
 * thread.
 */
public final class Intake implements AutoCloseable {
    /** The kind that a record names if the backup is of the output of commands. */
    public static final String KIND = "stream";

    private static final int MEMORY = 24 << 20;
    private static final int LONGEST_PATH = 1 << 20;
    private static final int DEEPEST = 20_000;
    private static final int MOST_NAMES = 1 << 16;
    /** Of a user or group; more than any system allows. */
    private static final int LONGEST_NAME = 256;
    /** Of all names of users and groups: a record has to stay small. */
    private static final int MOST_NAME_BYTES = 4 << 20;
    private static final BlobId NO_TREE = BlobId.read(new byte[BlobId.BYTES], 0);

    private final WriteSession session;
    private final RepositoryKeys keys;
    private final ArchiveCounts counts;
    private final ArchiveListener listener;
    private final BooleanSupplier cancelled;
    private final Path scratch;
    private final RecordSorter entries;
    private final IntakeLinks links;
    private final ChunkPipe pipe;
    private final Map<Long, byte[]> users = new TreeMap<>();
    private final Map<Long, byte[]> groups = new TreeMap<>();
    private Attributes implied = new Attributes(0755, 0, 0, 0, 0, null, List.of(), 0, 0);
    private final List<CleanTime> clean = new ArrayList<>();
    private boolean partial;
    private IntakeBase base;
    private long sequence;
    private int nameBytes;

    Intake(WriteSession session, RepositoryKeys keys, Path scratch, Spool spool, int workers, ArchiveCounts counts, ArchiveListener listener,
            BooleanSupplier cancelled) {
        this.session = session;
        this.keys = keys;
        this.scratch = scratch;
        this.counts = counts;
        this.listener = listener;
        this.cancelled = cancelled;
        this.entries = new RecordSorter(spool, IntakeEntry.ORDER, MEMORY);
        this.links = new IntakeLinks(spool);
        this.pipe = new ChunkPipe(session, new Chunker(keys.chunks(), keys.gearTable()), keys.chunks(), workers);
    }

    /** Sets the attributes of folders that no entry tells of; else they are root's, of mode 0755 and 1970. */
    public void implied(Attributes attributes) {
        this.implied = attributes;
    }

    /** Tells the name of a user, for the record. */
    public void user(long uid, byte[] name) {
        name(users, uid, name);
    }

    /** Tells the name of a group, for the record. */
    public void group(long gid, byte[] name) {
        name(groups, gid, name);
    }

    private void name(Map<Long, byte[]> names, long id, byte[] name) {
        boolean fits = name.length > 0 && name.length <= LONGEST_NAME && names.size() < MOST_NAMES && nameBytes + name.length <= MOST_NAME_BYTES;
        if (fits && names.putIfAbsent(id, name) == null) {
            nameBytes += name.length;
        }
    }

    /** Tells when a file system was made clean, for the record: a later backup can then tell what has not changed. */
    public void clean(CleanTime time) {
        if (clean.size() < MOST_NAMES) {
            clean.add(time);
        }
    }

    /** Tells that not all came, because whoever gives the entries was interrupted. */
    public void partial() {
        partial = true;
    }

    /** Takes unchanged files from an older backup. */
    void above(IntakeBase older) {
        base = older;
    }

    /**
     * Takes a file without its content, if an older backup has it and it did not change since.
     *
     * @param size as it is now
     * @return whether it was taken; else its content is needed
     */
    public boolean unchanged(byte[] path, Attributes attributes, ScanStat stat, long size) throws IOException {
        check(path);
        Content content = base == null ? null : base.unchanged(path, attributes, stat, size);
        if (content == null) {
            return false;
        }
        spool(path, next(path), false, new Entry.File(RawPath.name(path), attributes, size, content), stat);
        counts.filesNew.decrement();
        counts.filesUnchanged.increment();
        return true;
    }

    /** Takes the names of a user and a group from this machine. */
    public void namesOfThisMachine(long uid, long gid) {
        RecordMaker.userNames(Set.of(uid)).forEach(this::user);
        RecordMaker.groupNames(Set.of(gid)).forEach(this::group);
    }

    /** Something that no backup can hold as it is; the backup will be incomplete. */
    public void problem(byte[] path, String message) {
        listener.problem(path, message);
    }

    /** Takes the content of one file, in order. Only one is open at a time. */
    public final class FileContent {
        private final byte[] path;
        private final Attributes attributes;
        private final ScanStat stat;
        private final long number;
        private boolean dropped;

        private FileContent(byte[] path, Attributes attributes, ScanStat stat, long number) {
            this.path = path;
            this.attributes = attributes;
            this.stat = stat;
            this.number = number;
            int weight = path.length;
            for (Xattr xattr : attributes.xattrs()) {
                weight += xattr.name().length + xattr.value().length;
            }
            pipe.begin(this::done, weight);
        }

        public void data(byte[] bytes, int offset, int length) throws IOException {
            stopIfAsked();
            pipe.data(bytes, offset, length);
            counts.bytesRead.add(length);
        }

        /** A stretch that is not allocated and reads as zeros. */
        public void hole(long length) throws IOException {
            pipe.hole(length);
        }

        /** All that a stream still gives. @return how many bytes */
        public long data(InputStream in) throws IOException {
            return data(in, Long.MAX_VALUE);
        }

        /** What a stream gives, up to so many bytes. @return how many it gave */
        public long data(InputStream in, long most) throws IOException {
            long total = 0;
            while (total < most) {
                stopIfAsked();
                int got = pipe.read(in, most - total);
                if (got < 0) {
                    break;
                }
                total += got;
                counts.bytesRead.add(got);
            }
            return total;
        }

        /** Ends the file: only from now on it is part of the backup. */
        public void end() throws IOException {
            pipe.end();
        }

        /** Ends the file, which is to be no part of the backup. */
        public void drop() throws IOException {
            dropped = true;
            pipe.end();
        }

        private void done(long size, Content content) throws IOException {
            if (dropped) {
                return;
            }
            spool(path, number, false, new Entry.File(RawPath.name(path), attributes, size, content), stat);
        }
    }

    private void stopIfAsked() throws CairnException {
        if (cancelled.getAsBoolean()) {
            throw interrupted();
        }
    }

    /** What ends a run that was interrupted. */
    public static CairnException interrupted() {
        return new CairnException(ExitCode.INTERRUPTED, "interrupted: no backup was made", "make it again; what is stored already is used");
    }

    /**
     * Begins a file.
     *
     * @param path absolute, without empty parts, {@code .} and {@code ..}
     * @param stat null if there is none
     * @throws CairnException for a path that cannot be
     */
    public FileContent file(byte[] path, Attributes attributes, ScanStat stat) throws IOException {
        check(path);
        listener.reading(path);
        return new FileContent(path, attributes, stat, next(path));
    }

    /** A folder, whose entries come on their own. */
    public void directory(byte[] path, Attributes attributes, ScanStat stat) throws IOException {
        check(path);
        spool(path, next(path), true, new Entry.Directory(RawPath.name(path), attributes, NO_TREE), stat);
    }

    /**
     * An entry whose content is known: a symlink or special file; a file or whole folder only if the session may rely on all that
     * it refers to. The name in the entry does not count.
     */
    public void entry(byte[] path, Entry entry, ScanStat stat) throws IOException {
        check(path);
        spool(path, next(path), false, entry, stat);
    }

    /** Another name of an entry that came before. */
    public void link(byte[] path, byte[] target) throws IOException {
        check(path);
        check(target);
        links.add(path, target, sequence++);
    }

    private long next(byte[] path) {
        links.replaced(path);
        return sequence++;
    }

    private void spool(byte[] path, long number, boolean open, Entry entry, ScanStat stat) throws IOException {
        Attributes attributes = entry.attributes();
        if (attributes.linkGroup() != null) {
            attributes = attributes.withLinkGroup(IntakeLinks.foreign(attributes.linkGroup()));
        }
        IntakeEntry in = new IntakeEntry(path, number, open, new LooseEntry(entry.as(RawPath.name(path), attributes),
                stat == null ? TreeAssembler.NO_STAT : stat));
        in.add(entries);
        count(counts, in, 1);
    }

    static void count(ArchiveCounts counts, IntakeEntry in, int by) {
        switch (in.loose().entry()) {
            case Entry.File file -> {
                counts.filesNew.add(by);
                counts.bytesSeen.add(by * file.size());
            }
            case Entry.Directory directory -> counts.directories.add(by);
            default -> counts.others.add(by);
        }
    }

    private static void check(byte[] path) throws CairnException {
        int depth = 0;
        for (int i = 0; i < path.length; i++) {
            if (path[i] == '/') {
                depth++;
                int rest = path.length - i - 1;
                boolean empty = rest == 0 ? path.length > 1 : path[i + 1] == '/';
                boolean dot = rest >= 1 && path[i + 1] == '.' && (rest == 1 || path[i + 2] == '/');
                boolean dots = rest >= 2 && path[i + 1] == '.' && path[i + 2] == '.' && (rest == 2 || path[i + 3] == '/');
                if (empty || dot || dots) {
                    throw impossible(path);
                }
            } else if (path[i] == 0 || i == 0) {
                throw impossible(path);
            }
        }
        if (path.length == 0 || path.length > LONGEST_PATH || depth > DEEPEST) {
            throw impossible(path);
        }
    }

    private static CairnException impossible(byte[] path) {
        byte[] shown = path.length > 200 ? Arrays.copyOf(path, 200) : path;
        return new CairnException(ExitCode.FAILED, "an entry with an impossible path came in: '" + RawString.printable(shown)
                + (path.length > 200 ? "...'" : "'"), null);
    }

    /** Makes the tree of all that came. */
    DirectoryWriter.Roots finish() throws IOException {
        pipe.flush();
        if (!links.isEmpty()) {
            links.resolve(entries.sorted(), listener);
        }
        try (LinkTable inodes = new LinkTable(scratch, keys.linkGroups())) {
            TreeAssembler tree = new TreeAssembler(session.trees(), keys.cutKey(), implied, inodes, counts, listener);
            counts.directories.increment(); // the root, which is always there
            if (links.isEmpty()) {
                assemble(tree, new Merged(entries.sorted(), null), null);
            } else {
                assemble(tree, new Merged(entries.sorted(), links.resolved()), links.targets());
            }
            return tree.finish();
        }
    }

    private void assemble(TreeAssembler tree, Merged all, IntakeLinks.Targets targets) throws IOException {
        IntakeEntry last = all.next();
        while (last != null) {
            stopIfAsked();
            IntakeEntry next = all.next();
            if (next != null && Arrays.equals(last.path(), next.path())) {
                count(counts, last, -1);
            } else {
                if (last.open() && last.path().length == 1) {
                    counts.directories.decrement();
                }
                tree.add(targets == null || last.open() ? last : linked(last, targets));
            }
            last = next;
        }
    }

    private static IntakeEntry linked(IntakeEntry in, IntakeLinks.Targets targets) throws IOException {
        var group = targets.group(in);
        LooseEntry loose = in.loose();
        if (group == null || loose.entry().attributes().linkGroup() != null) {
            return in;
        }
        return new IntakeEntry(in.path(), in.sequence(), false,
                new LooseEntry(loose.entry().as(loose.entry().name(), loose.entry().attributes().withLinkGroup(group)), loose.stat()));
    }

    /** Entries and links in one order. */
    private final class Merged {
        private final RecordSorter.Cursor entries;
        private final RecordSorter.Cursor links;
        private boolean moreEntries;
        private boolean moreLinks;

        Merged(RecordSorter.Cursor entries, RecordSorter.Cursor links) throws IOException {
            this.entries = entries;
            this.links = links;
            this.moreEntries = entries.next();
            this.moreLinks = links != null && links.next();
        }

        IntakeEntry next() throws IOException {
            boolean link = moreLinks && (!moreEntries || IntakeEntry.compare(links.array(), links.offset(), links.length(),
                    entries.array(), entries.offset(), entries.length()) < 0);
            if (link) {
                IntakeEntry found = IntakeEntry.get(links);
                moreLinks = links.next();
                count(counts, found, 1);
                return found;
            }
            if (!moreEntries) {
                return null;
            }
            IntakeEntry found = IntakeEntry.get(entries);
            moreEntries = entries.next();
            return found;
        }
    }

    /** Stores what has come, for a run that makes no backup. */
    void keep() throws IOException {
        pipe.giveUp();
    }

    List<CleanTime> clean() {
        return clean;
    }

    boolean isPartial() {
        return partial;
    }

    Map<Long, byte[]> users() {
        return users;
    }

    Map<Long, byte[]> groups() {
        return groups;
    }

    @Override
    public void close() {
        pipe.close();
        entries.close();
        links.close();
    }
}
