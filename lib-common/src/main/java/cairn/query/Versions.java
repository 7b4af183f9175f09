package cairn.query;

import cairn.error.CairnException;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.tree.Content;
import cairn.tree.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.nio.ByteBuffer;

/**
 * The different contents of a path over backups. Files are told apart by their content, folders by everything in them,
 * symlinks by what they point to; other attributes make no version. Reads no content: equal content has equal blobs.
 */
public final class Versions {
    private Versions() {
    }

    /**
     * One content.
     *
     * @param entry   as it is in the first of the backups
     * @param backups that hold it, oldest first
     */
    public record Version(Entry entry, List<Backup> backups) {
    }

    /** What makes two entries one version: lists and ids compare by value, bytes in a buffer too. */
    private record Key(Object type, long size, Object content) {
    }

    /** Hears of a backup in which the way to the path cannot be read. */
    @FunctionalInterface
    public interface Unreadable {
        void backup(Backup backup, CairnException why);
    }

    /**
     * @param backups oldest first; those without the path are passed over
     * @return in the order in which they came up
     */
    public static List<Version> of(Repository repository, List<Backup> backups, byte[] path, Unreadable unreadable) throws IOException {
        Map<Key, Version> versions = new LinkedHashMap<>();
        for (Backup backup : backups) {
            Entry entry = null;
            try {
                entry = TreePath.find(repository, backup, path);
            } catch (CairnException e) {
                Damage.orThrow(e);
                unreadable.backup(backup, e);
            }
            if (entry != null) {
                Entry found = entry;
                versions.computeIfAbsent(key(found), key -> new Version(found, new ArrayList<>())).backups.add(backup);
            }
        }
        return List.copyOf(versions.values());
    }

    private static Key key(Entry entry) {
        return switch (entry) {
            case Entry.File file -> new Key(entry.type(), file.size(), switch (file.content()) {
                case Content.Inline inline -> ByteBuffer.wrap(inline.bytes());
                case Content.Listed listed -> listed.items();
                case Content.Pieces pieces -> pieces.root();
            });
            case Entry.Directory directory -> new Key(entry.type(), 0, directory.tree());
            case Entry.Symlink link -> new Key(entry.type(), 0, ByteBuffer.wrap(link.target()));
            case Entry.Special special -> new Key(entry.type(), 0, List.of(special.major(), special.minor()));
        };
    }
}
