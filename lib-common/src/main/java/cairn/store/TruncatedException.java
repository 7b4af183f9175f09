package cairn.store;

import cairn.error.ExitCode;

/** A file ends before bytes that should be in it. */
public final class TruncatedException extends StorageException {
    private final String name;
    private final long needed;
    private final long size;

    /** @param needed how long the file would have to be, at least, in bytes */
    public TruncatedException(String location, String name, long needed, long size) {
        super(
                ExitCode.DAMAGED,
                "'" + name + "' in '" + location + "' is truncated: it ends at byte " + size + ", at least " + needed
                        + " were expected",
                "run 'cairn verify' to see what is hit",
                null);
        this.name = name;
        this.needed = needed;
        this.size = size;
    }

    public String name() {
        return name;
    }

    public long needed() {
        return needed;
    }

    public long size() {
        return size;
    }
}
