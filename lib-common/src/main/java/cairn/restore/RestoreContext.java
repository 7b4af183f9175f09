package cairn.restore;

import cairn.posix.RawPath;
import cairn.posix.Sys;
import cairn.spool.Spool;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** What all parts of one restore share. */
final class RestoreContext implements AutoCloseable {
    private static final int NODE_MEMORY = 16 << 20;
    private static final int MOST_DIRECTORIES = 320;
    private static final int MOST_REMEMBERED = 100_000;

    final RestoreSource source;
    final RestoreOptions options;
    final Tally tally;
    final Spool spool;
    final NodeStore nodes;
    final DirHandles dirs;
    final AttributeSetter setter;
    final TempNames temps = new TempNames();
    final Notes notes = new Notes(temps);
    final BooleanSupplier stopped;
    final long euid = Sys.euid() & 0xFFFFFFFFL;
    final long egid = Sys.egid() & 0xFFFFFFFFL;
    private final Set<Long> cannotClone = ConcurrentHashMap.newKeySet();
    private final Map<Inode, Long> replaced = new ConcurrentHashMap<>();
    private final Set<Long> lost = ConcurrentHashMap.newKeySet();

    /** Names a file of this machine. */
    record Inode(long device, long inode) {
    }

    RestoreContext(RestoreSource source, RestoreOptions options, RestoreListener listener, BooleanSupplier stopped) {
        this.source = source;
        this.options = options;
        this.tally = new Tally(listener);
        this.spool = new Spool(options.spool());
        this.nodes = new NodeStore(spool, NODE_MEMORY);
        this.dirs = new DirHandles(nodes, MOST_DIRECTORIES);
        this.stopped = stopped;
        this.setter = new AttributeSetter(tally, options.xattrs(), euid == 0);
    }

    /** The owner that new entries of a directory get, or null where it has to be asked for. */
    AttributeSetter.Have expectedOwner(DirHandles.Handle dir) {
        return dir.inherits ? null : new AttributeSetter.Have(euid, egid, 0);
    }

    Tally.Path path(Node node) {
        return path(node.parent(), node.name());
    }

    Tally.Path path(long parent, byte[] name) {
        return () -> parent == Node.NONE ? name : RawPath.join(nodes.path(parent), name);
    }

    boolean canClone(long device) {
        return !cannotClone.contains(device);
    }

    void cannotClone(long device) {
        cannotClone.add(device);
    }

    /** Remembers that an existing file made way for another, for those who still hold it. */
    void replaced(Node node) {
        if (node.inode() != 0 && replaced.size() < MOST_REMEMBERED) {
            replaced.put(new Inode(node.device(), node.inode()), node.id());
        }
    }

    /** Inodes that made way, and the nodes that took their place. */
    Map<Inode, Long> replaced() {
        return replaced;
    }

    /** Remembers a file that is known to be wrong. */
    void lost(Node node) {
        if (lost.size() < MOST_REMEMBERED) {
            lost.add(node.id());
        }
    }

    boolean isLost(long node) {
        return lost.contains(node);
    }

    @Override
    public void close() {
        dirs.close();
        nodes.close();
    }
}
