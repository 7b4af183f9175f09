package cairn.query;

import cairn.tree.EntryType;

/** Type and permissions as ls(1) shows them: {@code drwxr-sr-t}. */
public final class ModeText {
    private ModeText() {
    }

    /** @param mode 12 bits */
    public static String of(EntryType type, int mode) {
        char[] text = new char[10];
        text[0] = switch (type) {
            case FILE -> '-';
            case DIRECTORY -> 'd';
            case SYMLINK -> 'l';
            case FIFO -> 'p';
            case SOCKET -> 's';
            case CHAR_DEVICE -> 'c';
            case BLOCK_DEVICE -> 'b';
        };
        for (int i = 0; i < 9; i++) {
            text[i + 1] = (mode >> 8 - i & 1) != 0 ? "rwx".charAt(i % 3) : '-';
        }
        text[3] = special(text[3], mode & 04000, 's');
        text[6] = special(text[6], mode & 02000, 's');
        text[9] = special(text[9], mode & 01000, 't');
        return new String(text);
    }

    private static char special(char execute, int bit, char letter) {
        return bit == 0 ? execute : execute == 'x' ? letter : Character.toUpperCase(letter);
    }
}
