package cairn.restore;

import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Stat;
import cairn.tree.Attributes;
import cairn.tree.Content;
import cairn.tree.Entry;
import cairn.tree.EntryType;
import cairn.tree.Item;
import cairn.tree.TreeReader.DirectoryCursor;
import cairn.tree.TreeReader.ItemCursor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Walks the wanted part of a tree, makes directories and everything that needs no pack, hands existing files to the
 * {@link CompareQueue}, and plans the rest. For one thread; memory is one path of the tree.
 */
final class Planner {
    private static final byte[] NOTHING = {};

    private final RestoreContext context;
    private final Plan plan;
    private final CompareQueue comparing;
    private final OutputFiles output;
    private final EntryMaker maker;
    private final FolderMaker folders;
    private final boolean dry;
    private final Stat stat = new Stat();
    private RestoreRoot root;

    /** A directory that the walk is in. */
    private static final class Level {
        final Level parent;
        final Entry.Directory entry;
        final byte[] source;
        final boolean onTheWay;
        final boolean selected;
        DirectoryCursor cursor;
        Folder folder;
        /** The names of the backup could not all be read, so what else is there is not known to be too much. */
        boolean broken;
        boolean refused;
        boolean empty = true;

        Level(Level parent, Entry.Directory entry, byte[] source, boolean onTheWay, boolean selected) {
            this.parent = parent;
            this.entry = entry;
            this.source = source;
            this.onTheWay = onTheWay;
            this.selected = selected;
        }
    }

    Planner(RestoreContext context, Plan plan, CompareQueue comparing, OutputFiles output) {
        this.context = context;
        this.plan = plan;
        this.comparing = comparing;
        this.output = output;
        this.maker = new EntryMaker(context);
        this.folders = new FolderMaker(context, plan);
        this.dry = context.options.dryRun();
    }

    /** Plans one part of a backup. @throws IOException if its target cannot be had at all */
    void plan(RestoreRoot part) throws IOException {
        root = part;
        boolean onTheWay = part.isOnTheWay(part.source());
        if (part.name() == null) {
            Entry.Directory entry = (Entry.Directory) part.entry();
            Level top = new Level(null, entry, part.source(), onTheWay, true);
            boolean where = RawPath.compare(RawPath.absolute(part.folder()), part.source()) == 0;
            top.folder = folders.target(part.folder(), owned(entry.attributes()), !onTheWay, where);
            walk(top);
        } else {
            Level top = new Level(null, null, RawPath.parent(part.source()), true, true);
            top.folder = folders.target(part.folder(), null, false, false);
            Entry entry = named(part.entry(), part.name());
            if (entry instanceof Entry.Directory directory) {
                Level level = new Level(top, directory, part.source(), onTheWay, true);
                top.folder.single(entry.name());
                walk(level);
            } else {
                top.folder.single(entry.name());
                entry(top, entry, part.source());
            }
        }
    }

    private static Entry named(Entry entry, byte[] name) {
        return switch (entry) {
            case Entry.File file -> new Entry.File(name, file.attributes(), file.size(), file.content());
            case Entry.Directory directory -> new Entry.Directory(name, directory.attributes(), directory.tree());
            case Entry.Symlink link -> new Entry.Symlink(name, link.attributes(), link.target());
            case Entry.Special special -> new Entry.Special(name, special.attributes(), special.type(), special.major(), special.minor());
        };
    }

    private void walk(Level top) throws IOException {
        Deque<Level> levels = new ArrayDeque<>();
        enter(levels, top);
        while (!levels.isEmpty() && !context.stopped.getAsBoolean()) {
            Level level = levels.peek();
            Entry entry = next(level);
            if (entry == null) {
                leave(level);
                levels.pop();
                continue;
            }
            level.empty = false;
            byte[] path = needsPath(level) || entry instanceof Entry.Directory ? RawPath.join(level.source, entry.name()) : null;
            if (entry instanceof Entry.Directory directory) {
                boolean selected = root.filter().selects(path, true);
                if (isElsewhere(path) || !selected && !root.filter().enters(path)) {
                    pass(level, directory);
                    continue;
                }
                enter(levels, new Level(level, directory, path, level.onTheWay && root.isOnTheWay(path), selected));
            } else if (path == null || !isElsewhere(path) && root.filter().selects(path, false)) {
                entry(level, entry, path);
            } else {
                pass(level, entry);
            }
        }
    }

    private boolean needsPath(Level level) {
        return root.filter() != PathFilter.ALL || !root.elsewhere().isEmpty() || level.onTheWay;
    }

    private boolean isElsewhere(byte[] path) {
        for (byte[] other : root.elsewhere()) {
            if (RawPath.compare(path, other) == 0) {
                return true;
            }
        }
        return false;
    }

    private void enter(Deque<Level> levels, Level level) {
        level.cursor = context.source.trees().directory(level.entry.tree());
        levels.push(level);
        if (level.selected) {
            folder(level);
        }
    }

    private Entry next(Level level) {
        if (level.refused) {
            return null;
        }
        try {
            return level.cursor.next() ? level.cursor.entry() : null;
        } catch (IOException e) {
            level.broken = true;
            context.tally.failed(() -> RawPath.join(root.folder(), level.source), "cannot read all entries of the folder: " + e.getMessage());
            return null;
        }
    }

    /** An entry of the backup that is not restored: what has its name stays. */
    private void pass(Level level, Entry entry) {
        if (level.folder != null) {
            level.folder.has(entry.name());
        }
    }

    private void leave(Level level) throws IOException {
        if (level.folder != null && !level.broken) {
            level.folder.end(context.options.delete() && !level.onTheWay && level.selected && level.entry != null, level.empty,
                    name -> root.filter() == PathFilter.ALL || selectsAny(RawPath.join(level.source, name)));
        }
    }

    private boolean selectsAny(byte[] path) {
        return root.filter().selects(path, true) && root.filter().selects(path, false);
    }

    /** The directory that a level stands for, made if need be; null if it cannot be had. */
    private Folder folder(Level level) {
        if (level.folder == null && !level.refused) {
            Folder parent = folder(level.parent);
            if (parent == null) {
                level.refused = true;
                return null;
            }
            Tally.Path path = context.path(parent.id, level.entry.name());
            try {
                level.folder = folders.make(parent, level.entry.name(), owned(level.entry.attributes()), level.onTheWay || !level.selected);
                level.refused = level.folder == null;
            } catch (IOException e) {
                level.refused = true;
                context.tally.failed(path, e);
            }
        }
        return level.folder;
    }

    private Attributes owned(Attributes a) {
        return new Attributes(a.mode(), root.owners().uid(a.uid()), root.owners().gid(a.gid()), a.mtimeSeconds(), a.mtimeNanos(),
                a.linkGroup(), a.xattrs(), a.inodeFlags(), a.projectId());
    }

    private void entry(Level level, Entry entry, byte[] source) {
        Folder folder = folder(level);
        if (folder == null) {
            return;
        }
        try {
            boolean there = folder.has(entry.name());
            Attributes attributes = owned(entry.attributes());
            if (dry && !folder.isThere()) {
                foreseeNew(folder, entry, attributes);
                return;
            }
            try (DirHandles.Handle dir = context.dirs.acquire(folder.id)) {
                Stat existing = there && stat.exists(dir.fd, entry.name()) ? stat : null;
                byte[] note = there ? folder.noteFor(entry.name()) : null;
                if (existing != null && note == null && !mayReplace(entry, existing)) {
                    context.tally.done(RestoreListener.Action.SKIPPED, context.path(folder.id, entry.name()));
                    return;
                }
                restore(folder, dir, entry, attributes, existing, note);
            }
        } catch (IOException e) {
            context.tally.failed(context.path(folder.id, entry.name()), e);
        }
    }

    private boolean mayReplace(Entry entry, Stat existing) {
        return switch (context.options.overwrite()) {
            case ALWAYS, IF_CHANGED -> true;
            case NEVER -> false;
            case IF_NEWER -> {
                int order = Long.compare(entry.attributes().mtimeSeconds(), existing.mtime());
                yield order > 0 || order == 0 && entry.attributes().mtimeNanos() > existing.mtimeNanos();
            }
        };
    }

    private void restore(Folder folder, DirHandles.Handle dir, Entry entry, Attributes attributes, Stat existing, byte[] note)
            throws IOException {
        long id = Node.NONE;
        if (attributes.linkGroup() != null) {
            long first = plan.links.get(attributes.linkGroup());
            if (first != Node.NONE) {
                if (dry) {
                    foreseeName(folder, entry, existing, context.nodes.get(first));
                } else {
                    plan.furtherName(node(folder, entry, attributes, existing, 0), first);
                }
                return;
            }
            id = node(folder, entry, attributes, existing, lateFlags(attributes));
            plan.links.put(attributes.linkGroup(), id);
        }
        if (!(entry instanceof Entry.File file)) {
            if (dry) {
                foreseeOther(folder, dir, entry, existing);
            } else {
                maker.make(dir, entry, attributes, existing);
            }
            return;
        }
        if (existing != null && existing.isRegular()) {
            id = id == Node.NONE ? node(folder, entry, attributes, existing, 0) : id;
            boolean byTime = context.options.overwrite() == Overwrite.IF_CHANGED;
            if (note != null) {
                context.notes.inherit(id, note);
            }
            comparing.add(context.nodes.get(id), file, byTime && note == null);
            return;
        }
        if (dry) {
            foresee(folder, entry);
        } else {
            content(folder, dir, file, attributes, existing, id);
        }
    }

    private static int lateFlags(Attributes attributes) {
        return (attributes.inodeFlags() & AttributeSetter.FORBIDDING) != 0 ? Node.LATE_FLAGS : 0;
    }

    private long node(Folder folder, Entry entry, Attributes attributes, Stat existing, int flags) throws IOException {
        long size = entry instanceof Entry.File file ? file.size() : 0;
        boolean seen = existing != null && (existing.isRegular() || !(entry instanceof Entry.File));
        long id = context.nodes.add(folder.id, entry.name(), entry.type(), attributes, size, flags | (existing != null ? Node.EXISTED : 0), 0,
                seen ? existing.dev() : 0, seen ? existing.ino() : 0);
        if ((flags & Node.LATE_FLAGS) != 0 && !dry) {
            plan.lateFlags(id);
        }
        return id;
    }

    /** A file that is made anew; {@code existing} is null or no regular file. */
    private void content(Folder folder, DirHandles.Handle dir, Entry.File file, Attributes attributes, Stat existing, long known) throws IOException {
        byte[] inline = file.content() instanceof Content.Inline content ? content.bytes() : null;
        if (existing == null && (inline != null || !hasData(file))) {
            int flags = known == Node.NONE ? 0 : lateFlags(attributes);
            byte[] bytes = inline != null ? inline : NOTHING;
            long id = known;
            if (context.options.verify() && bytes.length > 0) {
                id = known != Node.NONE ? known : node(folder, file, attributes, null, 0);
                plan.items.inline(id, bytes);
            }
            Node node = new Node(id, folder.id, file.name(), EntryType.FILE, attributes, file.size(), flags, 1, 0, 0);
            output.writeNew(dir, node, bytes, 0, bytes.length, 0);
            return;
        }
        long id = known != Node.NONE ? known : node(folder, file, attributes, existing, 0);
        if (inline != null) {
            context.nodes.setPieces(id, 1);
            if (context.options.verify()) {
                plan.items.inline(id, inline);
            }
            output.write(context.nodes.get(id), inline, 0, inline.length, 0);
            return;
        }
        int pieces = 0;
        long bytes = 0;
        IOException broken = null;
        try {
            for (ItemCursor cursor = context.source.trees().items(file); cursor.next() && !context.stopped.getAsBoolean();) {
                if (cursor.item() instanceof Item.Data data) {
                    plan.items.data(id, cursor.offset(), data);
                    bytes += data.length();
                    pieces++;
                }
            }
        } catch (IOException e) {
            broken = e;
        }
        if (context.stopped.getAsBoolean()) {
            return;
        }
        plan.expect(bytes);
        context.nodes.setPieces(id, pieces + (broken != null ? 1 : 0));
        if (broken != null) {
            output.lose(context.nodes.get(id), broken);
        } else if (pieces == 0) {
            output.touch(context.nodes.get(id));
        }
    }

    private boolean hasData(Entry.File file) {
        if (!(file.content() instanceof Content.Listed listed)) {
            return true;
        }
        for (Item item : listed.items()) {
            if (item instanceof Item.Data) {
                return true;
            }
        }
        return false;
    }

    private void foreseeNew(Folder folder, Entry entry, Attributes attributes) throws IOException {
        if (attributes.linkGroup() == null) {
            foresee(folder, entry);
        } else if (plan.links.get(attributes.linkGroup()) == Node.NONE) {
            plan.links.put(attributes.linkGroup(), node(folder, entry, attributes, null, 0));
            foresee(folder, entry);
        } else {
            context.tally.done(RestoreListener.Action.CREATED, context.path(folder.id, entry.name()));
        }
    }

    private void foreseeName(Folder folder, Entry entry, Stat existing, Node first) {
        boolean same = existing != null && existing.ino() == first.inode() && existing.dev() == first.device();
        context.tally.done(same ? RestoreListener.Action.UNCHANGED : existing != null ? RestoreListener.Action.UPDATED
                : RestoreListener.Action.CREATED, context.path(folder.id, entry.name()));
    }

    /** In a dry run: something that would be made. */
    private void foresee(Folder folder, Entry entry) throws IOException {
        if (entry instanceof Entry.File file && file.content() instanceof Content.Inline inline) {
            context.tally.wrote(inline.bytes().length);
        } else if (entry instanceof Entry.File file) {
            for (ItemCursor cursor = context.source.trees().items(file); cursor.next();) {
                context.tally.wrote(cursor.item() instanceof Item.Data data ? data.length() : 0);
            }
        }
        context.tally.done(RestoreListener.Action.CREATED, context.path(folder.id, entry.name()));
    }

    private void foreseeOther(Folder folder, DirHandles.Handle dir, Entry entry, Stat existing) throws PosixException {
        RestoreListener.Action action = RestoreListener.Action.CREATED;
        if (existing != null) {
            Place place = new Place.Named(dir.fd, entry.name());
            action = !EntryMaker.isSame(dir, entry, existing) ? RestoreListener.Action.UPDATED
                    : context.setter.differs(place, entry.type(), owned(entry.attributes()), existing) ? RestoreListener.Action.ATTRIBUTES
                    : RestoreListener.Action.UNCHANGED;
        }
        context.tally.done(action, context.path(folder.id, entry.name()));
    }
}
