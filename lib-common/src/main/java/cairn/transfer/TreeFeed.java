package cairn.transfer;

import cairn.archive.Intake;
import cairn.posix.RawPath;
import cairn.record.RecordBody;
import cairn.repo.Backup;
import cairn.repo.BlobReader;
import cairn.repo.Repository;
import cairn.tree.Content;
import cairn.tree.Entry;
import cairn.tree.Item;
import cairn.tree.LinkGroup;
import cairn.tree.ScanStat;
import cairn.tree.TreeReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives the entries of a backup in one repository to the intake of another. Content that an older backup has too, of which
 * there is a copy, is taken from that copy and not read: the three trees are gone along side by side.
 */
final class TreeFeed {
    private static final int MOST_REMEMBERED_LINKS = 4096;

    private final Repository from;
    private final Repository to;
    private final Intake intake;
    private final List<Level> way = new ArrayList<>();
    /** Files with several names that were given lately. */
    private final Map<LinkGroup, byte[]> linked = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<LinkGroup, byte[]> eldest) {
            return size() > MOST_REMEMBERED_LINKS;
        }
    };

    /** An older backup and its copy. */
    record Twins(Backup original, Backup copy) {
    }

    /** A folder that is being gone along, in the backup, and where they have it in the older one and its copy. */
    private record Level(byte[] path, TreeReader.DirectoryCursor entries, Beside original, Beside copy) {
    }

    /** A folder of a tree whose names are asked for in rising order. */
    private static final class Beside {
        private final TreeReader.DirectoryCursor entries;
        private boolean more;

        Beside(TreeReader.DirectoryCursor entries) throws IOException {
            this.entries = entries;
            this.more = entries.next();
        }

        Entry find(byte[] name) throws IOException {
            while (more) {
                int order = Arrays.compareUnsigned(entries.entry().name(), name);
                if (order >= 0) {
                    return order == 0 ? entries.entry() : null;
                }
                more = entries.next();
            }
            return null;
        }
    }

    TreeFeed(Repository from, Repository to, Intake intake) {
        this.from = from;
        this.to = to;
        this.intake = intake;
    }

    /** @param older null if there is none to build on */
    void feed(Backup backup, Twins older) throws IOException {
        RecordBody body = backup.body();
        body.users().forEach(intake::user);
        body.groups().forEach(intake::group);
        body.clean().forEach(intake::clean);
        if (backup.partial()) {
            intake.partial();
        }
        TreeReader.DirectoryCursor root = from.trees().root(backup.record().head().tree(), backup.record().head().stat());
        Entry original = older == null ? null : root(from, older.original());
        Entry copy = older == null ? null : root(to, older.copy());
        if (root.next() && root.entry() instanceof Entry.Directory top) {
            enter(RawPath.ROOT, top, root.stat(), original, copy);
        }
        try (BlobReader reader = from.newReader()) {
            while (!way.isEmpty()) {
                Level level = way.getLast();
                if (level.entries.next()) {
                    entry(level, level.entries.entry(), level.entries.stat(), reader);
                } else {
                    way.removeLast();
                }
            }
        }
    }

    private static Entry root(Repository repository, Backup backup) throws IOException {
        TreeReader.DirectoryCursor root = repository.trees().root(backup.record().head().tree(), null);
        return root.next() ? root.entry() : null;
    }

    private void enter(byte[] path, Entry.Directory directory, ScanStat stat, Entry original, Entry copy) throws IOException {
        intake.directory(path, directory.attributes(), new ScanStat(stat.deviceMajor(), stat.deviceMinor(), stat.inode(), stat.ctimeSeconds(),
                stat.ctimeNanos(), null));
        way.add(new Level(path, from.trees().directory(directory.tree(), stat.stat()), beside(from, original), beside(to, copy)));
    }

    private static Beside beside(Repository repository, Entry entry) throws IOException {
        return entry instanceof Entry.Directory directory ? new Beside(repository.trees().directory(directory.tree())) : null;
    }

    private void entry(Level level, Entry entry, ScanStat stat, BlobReader reader) throws IOException {
        byte[] path = RawPath.join(level.path, entry.name());
        Entry original = level.original == null ? null : level.original.find(entry.name());
        Entry copy = level.copy == null ? null : level.copy.find(entry.name());
        switch (entry) {
            case Entry.Directory directory -> enter(path, directory, stat, original, copy);
            case Entry.File file -> {
                LinkGroup group = file.attributes().linkGroup();
                byte[] first = group == null ? null : linked.get(group);
                if (first != null) {
                    intake.link(path, first);
                    return;
                }
                if (original instanceof Entry.File before && copy instanceof Entry.File known && known.size() == file.size() && same(file, before)) {
                    intake.entry(path, new Entry.File(file.name(), file.attributes(), file.size(), known.content()), stat);
                } else {
                    content(path, file, stat, reader);
                }
                if (group != null) {
                    linked.put(group, path);
                }
            }
            default -> intake.entry(path, entry, stat);
        }
    }

    private static boolean same(Entry.File one, Entry.File other) {
        return one.size() == other.size() && switch (one.content()) {
            case Content.Inline inline -> other.content() instanceof Content.Inline its && Arrays.equals(inline.bytes(), its.bytes());
            default -> one.content().equals(other.content());
        };
    }

    private void content(byte[] path, Entry.File file, ScanStat stat, BlobReader reader) throws IOException {
        Intake.FileContent out = intake.file(path, file.attributes(), stat);
        if (file.content() instanceof Content.Inline inline) {
            out.data(inline.bytes(), 0, inline.bytes().length);
        } else {
            for (TreeReader.ItemCursor items = from.trees().items(file); items.next();) {
                switch (items.item()) {
                    case Item.Hole hole -> out.hole(hole.length());
                    case Item.Data data -> {
                        reader.read(data.blob());
                        out.data(reader.payload(), data.offset(), data.dataLength());
                    }
                }
            }
        }
        out.end();
    }
}
