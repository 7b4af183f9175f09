package cairn.restore;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.repo.Backup;
import cairn.tree.Entry;
import cairn.tree.TreeReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decides what of a backup lands where.
 *
 * <pre>
 * a whole backup, target T       T/home/me/...
 * a folder in it                 its contents in T/
 * a file or other entry          T/NAME
 * map from F to M                F goes to M (below T, if there is one); with a target the rest goes as above,
 *                                without one nothing else is restored
 * </pre>
 */
public final class RestoreParts {
    private final TreeReader trees;
    private final Backup backup;
    private final Owners owners;
    private final PathFilter filter;
    private final List<Mapping> mappings;

    /** A path in the backup and where it goes: absolute, raw, normalised. */
    public record Mapping(byte[] from, byte[] to) {
    }

    public RestoreParts(TreeReader trees, Backup backup, Owners owners, PathFilter filter, List<Mapping> mappings) {
        this.trees = trees;
        this.backup = backup;
        this.owners = owners;
        this.filter = filter;
        this.mappings = List.copyOf(mappings);
    }

    /**
     * The parts for one operand.
     *
     * @param path   in the backup: absolute, normalised; null for the whole backup
     * @param target a folder, or null if only what is mapped is restored
     */
    public List<RestoreRoot> parts(byte[] path, byte[] target) throws IOException {
        byte[] wanted = path == null ? RawPath.ROOT : path;
        List<RestoreRoot> parts = new ArrayList<>();
        List<byte[]> elsewhere = new ArrayList<>();
        for (Mapping mapping : mappings) {
            if (RawPath.isWithin(mapping.from(), wanted)) {
                elsewhere.add(mapping.from());
            }
        }
        boolean mapped = false;
        for (Mapping mapping : mappings) {
            if (RawPath.isWithin(mapping.from(), wanted)) {
                parts.add(map(mapping, mapping.from(), mapping.to(), target, elsewhere));
                mapped = true;
            } else if (RawPath.isWithin(wanted, mapping.from()) && !mapped) {
                byte[] below = Arrays.copyOfRange(wanted, mapping.from().length == 1 ? 1 : mapping.from().length + 1, wanted.length);
                parts.add(map(mapping, wanted, RawPath.join(mapping.to(), below), target, elsewhere));
                return parts;
            }
        }
        if (target != null) {
            Entry entry = find(wanted);
            byte[] name = entry instanceof Entry.Directory ? null : RawPath.name(wanted);
            parts.add(new RestoreRoot(entry, wanted, backup.body().paths(), elsewhere, target, name, owners, filter));
        }
        return parts;
    }

    private RestoreRoot map(Mapping mapping, byte[] from, byte[] to, byte[] target, List<byte[]> elsewhere) throws IOException {
        List<byte[]> others = new ArrayList<>(elsewhere);
        others.removeIf(other -> RawPath.compare(other, mapping.from()) == 0);
        byte[] goal = target == null ? to : RawPath.join(target, Arrays.copyOfRange(to, 1, to.length));
        Entry entry = find(from);
        byte[] name = RawPath.name(RawPath.normalise(goal));
        if (name.length == 0 || to.length == 1) {
            return new RestoreRoot(entry, from, backup.body().paths(), others, goal, entry instanceof Entry.Directory ? null : RawPath.name(from),
                    owners, filter);
        }
        return new RestoreRoot(entry, from, backup.body().paths(), others, RawPath.parent(RawPath.normalise(goal)), name, owners, filter);
    }

    /** The entry with a path; the root has an empty name. */
    public Entry find(byte[] path) throws IOException {
        TreeReader.DirectoryCursor root = trees.root(backup.record().head().tree(), null);
        if (!root.next()) {
            throw missing(path);
        }
        Entry at = root.entry();
        for (byte[] name : RawPath.split(path)) {
            at = at instanceof Entry.Directory directory ? trees.find(directory.tree(), name) : null;
            if (at == null) {
                throw missing(path);
            }
        }
        return at;
    }

    private CairnException missing(byte[] path) {
        return new CairnException(ExitCode.FAILED, "the backup " + backup.shortId() + " has no " + RawString.printable(path),
                "'cairn ls " + backup.shortId() + "' shows what it has");
    }
}
