package cairn.store;

import cairn.error.ExitCode;

/** A file that was asked for is not there. Whether that is damage only the caller can know: it may have been pruned. */
public final class NotStoredException extends StorageException {
    private final String name;

    public NotStoredException(String location, String name) {
        super(ExitCode.FAILED, "'" + name + "' is not in '" + location + "'", null, null);
        this.name = name;
    }

    public String name() {
        return name;
    }
}
