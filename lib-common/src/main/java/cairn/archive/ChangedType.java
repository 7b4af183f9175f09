package cairn.archive;

import cairn.tree.EntryType;

/** Says that an entry is not what it was listed as. */
final class ChangedType {
    private ChangedType() {
    }

    /** @param expected one of the S_IF constants @param found one of the S_IF constants */
    static String message(int expected, int found) {
        return "is not saved: it was " + kind(expected) + " when it was listed and is " + kind(found) + " now";
    }

    private static String kind(int type) {
        EntryType kind = EntryType.ofMode(type);
        return kind == null ? "something unknown" : switch (kind) {
            case FILE -> "a file";
            case DIRECTORY -> "a folder";
            case SYMLINK -> "a symlink";
            case FIFO -> "a FIFO";
            case SOCKET -> "a socket";
            case CHAR_DEVICE, BLOCK_DEVICE -> "a device";
        };
    }
}
