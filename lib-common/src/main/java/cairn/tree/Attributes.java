package cairn.tree;

import java.util.List;

/**
 * What every type of entry has.
 *
 * @param mode         permission bits with set-uid, set-gid and sticky, 12 bits
 * @param uid          0 to 2^32 - 1
 * @param gid          0 to 2^32 - 1
 * @param mtimeSeconds since 1970-01-01T00:00:00Z, may be negative
 * @param mtimeNanos   0 to 999,999,999
 * @param linkGroup    null unless the inode has several names
 * @param xattrs       sorted by name; never null
 * @param inodeFlags   as of {@code FS_IOC_GETFLAGS} (ioctl_iflags(2)), only those that can be set
 * @param projectId    as of {@code FS_IOC_FSGETXATTR}, 0 if none
 */
public record Attributes(int mode, long uid, long gid, long mtimeSeconds, int mtimeNanos, LinkGroup linkGroup,
        List<Xattr> xattrs, int inodeFlags, long projectId) {

    public Attributes withLinkGroup(LinkGroup group) {
        return new Attributes(mode, uid, gid, mtimeSeconds, mtimeNanos, group, xattrs, inodeFlags, projectId);
    }
}
