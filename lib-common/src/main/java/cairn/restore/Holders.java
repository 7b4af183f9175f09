package cairn.restore;

import cairn.posix.DirStream;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import cairn.posix.Stat;
import cairn.posix.Sys;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds the programs that still hold a file which made way for another: they go on with the old one until they are
 * started again. An inode that has a name is not the old file but another one that got its number.
 */
final class Holders {
    private Holders() {
    }

    static void tell(RestoreContext context) {
        Map<RestoreContext.Inode, Long> replaced = context.replaced();
        if (replaced.isEmpty()) {
            return;
        }
        try {
            int proc = Open.openat(Open.AT_FDCWD, RawString.encode("/proc"), Open.O_RDONLY | Open.O_DIRECTORY, 0);
            try {
                int self = Sys.pid();
                for (DirStream processes = new DirStream(proc); processes.next();) {
                    String pid = RawString.decode(processes.name());
                    if (Character.isDigit(pid.charAt(0)) && Integer.parseInt(pid) != self) {
                        Set<Long> held = new HashSet<>();
                        descriptors(proc, pid, replaced, held);
                        maps(proc, pid, replaced, held);
                        for (Long node : held) {
                            context.tally.notice(context.nodes.path(node), "is still open in its old form in " + name(proc, pid) + " (process " + pid + ")");
                        }
                    }
                }
            } finally {
                Open.close(proc);
            }
        } catch (PosixException e) {
            // without /proc nobody can tell
        }
    }

    private static void descriptors(int proc, String pid, Map<RestoreContext.Inode, Long> replaced, Set<Long> held) {
        try {
            int folder = Open.openat(proc, RawString.encode(pid + "/fd"), Open.O_RDONLY | Open.O_DIRECTORY, 0);
            try {
                Stat stat = new Stat();
                for (DirStream open = new DirStream(folder); open.next();) {
                    try {
                        stat.at(folder, open.name(), Stat.AT_NO_AUTOMOUNT);
                        Long node = replaced.get(new RestoreContext.Inode(stat.dev(), stat.ino()));
                        if (node != null && stat.nlink() == 0) {
                            held.add(node);
                        }
                    } catch (PosixException e) {
                        // closed meanwhile
                    }
                }
            } finally {
                Open.close(folder);
            }
        } catch (PosixException e) {
            // ended meanwhile, or another user's
        }
    }

    /** Lines of proc_pid_maps(5): address perms offset major:minor inode path, device in hexadecimal. */
    private static void maps(int proc, String pid, Map<RestoreContext.Inode, Long> replaced, Set<Long> held) {
        try {
            for (String line : RawString.decode(Sys.readFile(proc, RawString.encode(pid + "/maps"))).split("\n")) {
                String[] fields = line.split(" +", 6);
                if (fields.length == 6 && fields[5].endsWith(" (deleted)")) {
                    String[] device = fields[3].split(":");
                    long dev = Long.parseLong(device[0], 16) << 32 | Long.parseLong(device[1], 16);
                    Long node = replaced.get(new RestoreContext.Inode(dev, Long.parseLong(fields[4])));
                    if (node != null) {
                        held.add(node);
                    }
                }
            }
        } catch (PosixException | RuntimeException e) {
            // ended meanwhile, or another user's
        }
    }

    private static String name(int proc, String pid) {
        try {
            return RawString.printable(Sys.readFile(proc, RawString.encode(pid + "/comm"))).replace("\\012", "");
        } catch (PosixException e) {
            return "a program";
        }
    }
}
