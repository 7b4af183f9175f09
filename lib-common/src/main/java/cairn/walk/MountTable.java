package cairn.walk;

import cairn.posix.Mounts;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import cairn.posix.Stat;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which kind of file system lies at a mount point. The table of mounts is read when first asked, and when a mount is new. */
public final class MountTable {
    /**
     * File systems without files that last: views of the kernel and of running programs. autofs is told apart, since
     * going in would change the system.
     */
    private static final Set<String> SPECIAL = Set.of("proc", "sysfs", "devtmpfs", "devpts", "cgroup", "cgroup2",
            "cpuset", "securityfs", "selinuxfs", "smackfs", "debugfs", "tracefs", "pstore", "bpf", "configfs", "mqueue",
            "hugetlbfs", "efivarfs", "fusectl", "binfmt_misc", "rpc_pipefs", "nfsd", "nsfs", "resctrl", "binder",
            "functionfs", "fuse.lxcfs", "fuse.gvfsd-fuse", "fuse.portal");

    private final Map<Long, Mounts.Mount> byId = new HashMap<>();
    private final Set<Long> unknown = new HashSet<>();
    private List<Mounts.Mount> all = List.of();

    /** The mount that a file lies on, or null if the table does not have it. */
    Mounts.Mount of(Stat stat) throws PosixException {
        long id = stat.mountId();
        Mounts.Mount mount = find(id, stat.dev());
        if (mount == null && unknown.add(id)) {
            all = Mounts.read();
            byId.clear();
            for (Mounts.Mount each : all) {
                byId.put(each.id(), each);
            }
            mount = find(id, stat.dev());
        }
        return mount;
    }

    private Mounts.Mount find(long id, long dev) {
        if (id != 0) {
            return byId.get(id);
        }
        Mounts.Mount found = null;
        for (Mounts.Mount each : all) {
            if (each.dev() == dev) {
                found = each;
            }
        }
        return found;
    }

    static boolean isSpecial(Mounts.Mount mount) {
        return SPECIAL.contains(mount.type());
    }

    /** Whether a mount holds no files that last: a view of the kernel, of a running program, or what mounts by itself. */
    public static boolean isOfTheKernel(Mounts.Mount mount) {
        return isSpecial(mount) || isAutofs(mount);
    }

    static boolean isAutofs(Mounts.Mount mount) {
        return mount.type().equals("autofs");
    }

    /**
     * A backup that is mounted, whatever repository it comes from: type {@code fuse.cairn...}, or plain {@code fuse}
     * with a source that starts with {@code cairn}. Other FUSE file systems name foreign things in their source.
     */
    static boolean isCairn(Mounts.Mount mount) {
        return mount.type().startsWith("fuse.cairn")
                || mount.type().equals("fuse") && RawString.decode(mount.source()).startsWith("cairn");
    }
}
