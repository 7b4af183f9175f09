package cairn.walk;

import cairn.posix.RawPath;
import cairn.posix.Stat;
import java.time.Instant;

/** A directory that a {@link Walk} is in. Only valid until it is left. */
public final class Directory {
    final PathFilter filter;
    final long sourceDev;
    final int depth;
    /** Whether all entries are wanted, or only those that lead to sources. */
    boolean whole;
    /** Whether sources below are not gone to either. */
    boolean shut;
    NameList names = new NameList();
    int next;
    int fd;

    private final Directory parent;
    private final byte[] name;
    private final Stat stat;
    private final boolean pathOnly;
    private final Place place;
    private final boolean onTheWay;
    private byte[] path;
    private boolean incomplete;

    Directory(Directory parent, byte[] name, Place place, Stat stat, int fd, boolean pathOnly, boolean onTheWay,
            boolean whole, PathFilter filter, long sourceDev) {
        this.parent = parent;
        this.name = name;
        this.place = place;
        this.stat = stat;
        this.fd = fd;
        this.pathOnly = pathOnly;
        this.onTheWay = onTheWay;
        this.whole = whole;
        this.filter = filter;
        this.sourceDev = sourceDev;
        this.depth = parent == null ? 0 : parent.depth + 1;
    }

    /** The directory that it lies in; null for the root. */
    public Directory parent() {
        return parent;
    }

    /** Its raw name; empty for the root. */
    public byte[] name() {
        return name;
    }

    /** Its absolute raw path, of any length; not to be changed. */
    public byte[] path() {
        if (path == null) {
            path = parent == null ? RawPath.ROOT : parent.path(name);
        }
        return path;
    }

    /** The absolute raw path of an entry in it. */
    public byte[] path(byte[] entry) {
        return RawPath.join(path(), entry);
    }

    /** 0 for the root. */
    public int depth() {
        return depth;
    }

    /** What it was when it was opened; the same object as long as it lives. */
    public Stat stat() {
        return stat;
    }

    /**
     * The open directory, for {@code *at} calls. It belongs to the walk and is only sure to be open in calls about this
     * very directory: while the walk is in a subdirectory it may be closed for a time.
     */
    public int fd() {
        return fd;
    }

    /**
     * The device to remember for something in it: that of the origin for what lies on a snapshot (see {@link Mappings}),
     * else {@code dev} itself.
     */
    public long recordedDev(long dev) {
        return place.mapping() != null && dev == place.mappedDev() ? place.mapping().recordedDev() : dev;
    }

    /** A moment before the snapshot was taken that it lies on, or null. */
    public Instant taken() {
        return place.mapping() == null ? null : place.mapping().taken();
    }

    Place place() {
        return place;
    }

    /** True if {@link #fd} was opened by {@code O_PATH}: it could not be read or is not to be gone into. */
    public boolean isPathOnly() {
        return pathOnly;
    }

    /** True if it only lies on the way to a source, so that it is not wanted itself. */
    public boolean isOnTheWay() {
        return onTheWay;
    }

    /** True if it could not be listed whole: what is missing may still exist. */
    public boolean isIncomplete() {
        return incomplete;
    }

    void setIncomplete() {
        incomplete = true;
    }
}
