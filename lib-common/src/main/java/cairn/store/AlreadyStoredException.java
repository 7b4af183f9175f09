package cairn.store;

import cairn.error.ExitCode;

/** A file was not written, because there is one of that name. */
public final class AlreadyStoredException extends StorageException {
    private final String name;

    public AlreadyStoredException(String location, String name) {
        super(ExitCode.FAILED, "'" + name + "' is already in '" + location + "'", null, null);
        this.name = name;
    }

    public String name() {
        return name;
    }
}
