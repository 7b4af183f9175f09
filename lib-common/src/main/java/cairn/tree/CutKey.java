package cairn.tree;

/**
 * Decides where lists of entries are cut into pieces. A cut depends on a name, its encoded size and a secret of the
 * repository only, so that one new entry changes the piece it falls into and few others, and nobody can make up names
 * that degenerate the tree. The mixing is a keyed multiply-xorshift: fast and even, not meant to resist more than that.
 *
 * <p>The rule of format 1: no cut while a piece is below {@value #LEAST} bytes; then after an entry of n encoded bytes
 * with probability n / {@value #SPREAD}; always once it reaches {@value #MOST}. Pieces so average about 16 KiB.
 */
public record CutKey(long first, long second) {
    static final int LEAST = 4 << 10;
    static final int SPREAD = 12 << 10;
    static final int MOST = 64 << 10;

    boolean cutsAfter(byte[] name, int entryBytes, int pieceBytes) {
        if (pieceBytes < LEAST) {
            return false;
        }
        if (pieceBytes >= MOST || entryBytes >= SPREAD) {
            return true;
        }
        long h = first;
        for (byte b : name) {
            h = (h ^ b & 0xFF) * 0x9E3779B97F4A7C15L;
            h ^= h >>> 32;
        }
        h = (h ^ second) * 0xD6E8FEB86659FD93L;
        h ^= h >>> 32;
        return (h >>> 33) * SPREAD < ((long) entryBytes << 31);
    }
}
