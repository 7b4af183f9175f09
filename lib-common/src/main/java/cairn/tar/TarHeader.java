package cairn.tar;

import java.util.Arrays;

/**
 * A header block: 512 bytes, texts ending in a NUL unless they fill their field, numbers in octal or, if the first bit is set,
 * big-endian two's complement in the other bits of the field (GNU, star).
 *
 * <pre>
 *   0  100  name                  257   6  magic: "ustar\0" POSIX, "ustar " GNU, else older than both
 * 100    8  mode                  263   2  version
 * 108    8  uid                   265  32  name of the user
 * 116    8  gid                   297  32  name of the group
 * 124   12  size                  329   8  major number of a device
 * 136   12  mtime                 337   8  minor number
 * 148    8  checksum              345 155  POSIX: what goes before name and a slash (131 with "tar\0" at 508: star)
 * 156    1  type
 * 157  100  target of a link      GNU and star, type S: see {@link SparseMaps}
 * </pre>
 *
 * The checksum is the sum of all bytes, its own field taken as spaces; old programs took bytes as signed.
 */
final class TarHeader {
    private static final int SUM = 148;
    private static final int SUM_END = 156;

    private final byte[] block;
    private final TarInput in;

    TarHeader(byte[] block, TarInput in) {
        this.block = block;
        this.in = in;
    }

    static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether a block has the right checksum. */
    static boolean isValid(byte[] block) {
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < TarInput.BLOCK; i++) {
            byte b = i >= SUM && i < SUM_END ? (byte) ' ' : block[i];
            unsigned += b & 0xFF;
            signed += b;
        }
        long sum = octal(block, SUM, SUM_END - SUM);
        return sum >= 0 && (sum == unsigned || sum == signed);
    }

    byte type() {
        return block[156];
    }

    boolean isPosix() {
        return has(257, "ustar\0");
    }

    boolean isStar() {
        return isPosix() && has(508, "tar\0");
    }

    boolean hasUstarFields() {
        return has(257, "ustar");
    }

    private boolean has(int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (block[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    byte[] name() {
        byte[] name = text(0, 100);
        byte[] before = isPosix() && type() != 'S' ? text(345, isStar() ? 131 : 155) : new byte[0];
        if (before.length == 0) {
            return name;
        }
        byte[] whole = Arrays.copyOf(before, before.length + 1 + name.length);
        whole[before.length] = '/';
        System.arraycopy(name, 0, whole, before.length + 1, name.length);
        return whole;
    }

    byte[] target() {
        return text(157, 100);
    }

    byte[] user() {
        return hasUstarFields() ? text(265, 32) : new byte[0];
    }

    byte[] group() {
        return hasUstarFields() ? text(297, 32) : new byte[0];
    }

    int mode() throws TarException {
        return (int) number(100, 8, "mode") & 07777;
    }

    long uid() throws TarException {
        return number(108, 8, "user id");
    }

    long gid() throws TarException {
        return number(116, 8, "group id");
    }

    long size() throws TarException {
        return number(124, 12, "size");
    }

    long mtime() throws TarException {
        return number(136, 12, "time");
    }

    long major() throws TarException {
        return hasUstarFields() ? number(329, 8, "device number") : 0;
    }

    long minor() throws TarException {
        return hasUstarFields() ? number(337, 8, "device number") : 0;
    }

    byte at(int index) {
        return block[index];
    }

    private byte[] text(int at, int length) {
        int end = at;
        while (end < at + length && block[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(block, at, end);
    }

    /** @param name for the error */
    long number(int at, int length, String name) throws TarException {
        if (block[at] < 0) {
            return binary(at, length, name);
        }
        long value = octal(block, at, length);
        if (value < 0) {
            throw in.wrong("has a header whose " + name + " is no number");
        }
        return value;
    }

    private long binary(int at, int length, String name) throws TarException {
        long value = block[at] << 25 >> 25; // the first bit only says that this is no octal number
        for (int i = at + 1; i < at + length; i++) {
            if (value >> 55 != 0 && value >> 55 != -1) {
                throw in.wrong("has a header whose " + name + " is too large");
            }
            value = value << 8 | block[i] & 0xFF;
        }
        return value;
    }

    /** Digits with spaces before, ended by a space, a NUL or the field; 0 if blank; below 0 if it is something else. */
    private static long octal(byte[] block, int at, int length) {
        int i = at;
        int end = at + length;
        while (i < end && block[i] == ' ') {
            i++;
        }
        long value = 0;
        while (i < end && block[i] >= '0' && block[i] <= '7') {
            value = value << 3 | block[i++] - '0';
        }
        return i == end || block[i] == 0 || block[i] == ' ' ? value : -1;
    }
}
