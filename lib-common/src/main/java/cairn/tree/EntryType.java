package cairn.tree;

/** The type of an entry of a directory; the code is what a tree piece stores. */
public enum EntryType {
    FILE(1), DIRECTORY(2), SYMLINK(3), FIFO(4), SOCKET(5), CHAR_DEVICE(6), BLOCK_DEVICE(7);

    private static final EntryType[] BY_CODE = {null, FILE, DIRECTORY, SYMLINK, FIFO, SOCKET, CHAR_DEVICE, BLOCK_DEVICE};
    private final int code;

    EntryType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The type with a code from 0 to 7, or null if there is none. */
    public static EntryType of(int code) {
        return BY_CODE[code];
    }

    /** The type for the file type bits of {@code st_mode} (inode(7)), or null for one that is unknown. */
    public static EntryType ofMode(int mode) {
        return switch (mode & 0xF000) {
            case 0x8000 -> FILE;
            case 0x4000 -> DIRECTORY;
            case 0xA000 -> SYMLINK;
            case 0x1000 -> FIFO;
            case 0xC000 -> SOCKET;
            case 0x2000 -> CHAR_DEVICE;
            case 0x6000 -> BLOCK_DEVICE;
            default -> null;
        };
    }

    /** The file type bits of {@code st_mode}. */
    public int modeBits() {
        return switch (this) {
            case FILE -> 0x8000;
            case DIRECTORY -> 0x4000;
            case SYMLINK -> 0xA000;
            case FIFO -> 0x1000;
            case SOCKET -> 0xC000;
            case CHAR_DEVICE -> 0x2000;
            case BLOCK_DEVICE -> 0x6000;
        };
    }
}
