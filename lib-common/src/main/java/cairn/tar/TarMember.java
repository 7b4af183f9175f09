package cairn.tar;

import cairn.tree.Attributes;
import cairn.tree.EntryType;
import java.util.List;

/**
 * A member of an archive.
 *
 * @param name       raw, as the archive has it: with a slash at either end, empty, or with {@code ..}, as it may be
 * @param type       of a hard link: a file
 * @param hardLink   whether it is a further name of the member {@code target}
 * @param target     of a symlink or hard link, else empty
 * @param attributes without link group
 * @param user       name of the owner, empty if the archive has none
 * @param group      name of the group, empty if the archive has none
 * @param major      0 unless it is a device
 * @param minor      0 unless it is a device
 * @param size       of the content, holes included; 0 if it is no file; of a hard link more than 0 only if the content is there too
 * @param problems   what it has and cannot be kept
 */
public record TarMember(byte[] name, EntryType type, boolean hardLink, byte[] target, Attributes attributes, byte[] user, byte[] group,
        int major, int minor, long size, List<String> problems) {
}
