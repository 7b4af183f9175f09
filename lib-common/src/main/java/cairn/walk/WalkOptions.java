package cairn.walk;

import java.util.List;
import java.util.Set;

/**
 * How to walk.
 *
 * @param oneFileSystem stay on the file system (device) of each source; btrfs subvolumes count as others
 * @param includeSpecial walk special file systems and {@code /run} too; automount points and loops never
 * @param followOutside add what symlinks point to, where it is outside of the sources
 * @param excludeCaches leave out directories with a {@code CACHEDIR.TAG} that has the signature
 * @param tagNames leave out directories that hold an entry of one of these raw names
 * @param filter what else to leave out
 * @param ownDirectories directories never to go into: the repository that is written to
 * @param maxOpen how many directories may be open at a time, at least 2
 */
public record WalkOptions(boolean oneFileSystem, boolean includeSpecial, boolean followOutside, boolean excludeCaches,
        List<byte[]> tagNames, PathFilter filter, Set<FileId> ownDirectories, int maxOpen) {
    public static final WalkOptions DEFAULT =
            new WalkOptions(false, false, false, false, List.of(), PathFilter.NONE, Set.of(), 128);

    public WalkOptions {
        tagNames = List.copyOf(tagNames);
        ownDirectories = Set.copyOf(ownDirectories);
        if (maxOpen < 2) {
            throw new IllegalArgumentException("at least two directories must be open");
        }
    }

    public WalkOptions withOneFileSystem(boolean on) {
        return new WalkOptions(on, includeSpecial, followOutside, excludeCaches, tagNames, filter, ownDirectories,
                maxOpen);
    }

    public WalkOptions withIncludeSpecial(boolean on) {
        return new WalkOptions(oneFileSystem, on, followOutside, excludeCaches, tagNames, filter, ownDirectories,
                maxOpen);
    }

    public WalkOptions withFollowOutside(boolean on) {
        return new WalkOptions(oneFileSystem, includeSpecial, on, excludeCaches, tagNames, filter, ownDirectories,
                maxOpen);
    }

    public WalkOptions withExcludeCaches(boolean on) {
        return new WalkOptions(oneFileSystem, includeSpecial, followOutside, on, tagNames, filter, ownDirectories,
                maxOpen);
    }

    public WalkOptions withTagNames(List<byte[]> names) {
        return new WalkOptions(oneFileSystem, includeSpecial, followOutside, excludeCaches, names, filter,
                ownDirectories, maxOpen);
    }

    public WalkOptions withFilter(PathFilter by) {
        return new WalkOptions(oneFileSystem, includeSpecial, followOutside, excludeCaches, tagNames, by,
                ownDirectories, maxOpen);
    }

    public WalkOptions withOwnDirectories(Set<FileId> directories) {
        return new WalkOptions(oneFileSystem, includeSpecial, followOutside, excludeCaches, tagNames, filter,
                directories, maxOpen);
    }

    public WalkOptions withMaxOpen(int count) {
        return new WalkOptions(oneFileSystem, includeSpecial, followOutside, excludeCaches, tagNames, filter,
                ownDirectories, count);
    }
}
