package cairn.store;

import cairn.error.ExitCode;

/** A file is larger than any file of its kind. */
public final class OversizeException extends StorageException {
    private final String name;
    private final long size;
    private final long limit;

    public OversizeException(String location, String name, long size, long limit) {
        super(
                ExitCode.DAMAGED,
                "'" + name + "' in '" + location + "' is damaged: it has " + size + " bytes, a file of its kind has at most "
                        + limit,
                "run 'cairn verify' to see what is hit",
                null);
        this.name = name;
        this.size = size;
        this.limit = limit;
    }

    public String name() {
        return name;
    }

    public long size() {
        return size;
    }

    public long limit() {
        return limit;
    }
}
