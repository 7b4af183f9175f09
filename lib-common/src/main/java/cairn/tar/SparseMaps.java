package cairn.tar;

import java.io.IOException;
import java.util.Arrays;

/**
 * Reads the maps of sparse files, as GNU tar has written them over the years (its manual, "Storing Sparse Files"), and star:
 *
 * <pre>
 * type S      in the header 4 pairs of offset and length, 12 bytes each (at 386, star 356), then whether blocks of 21 more
 *             follow (at 482, star 355; in those at 504); the real size (at 483, star 452). A length that begins with a NUL ends it
 * pax 0.0     records GNU.sparse.size, and for each piece GNU.sparse.offset and GNU.sparse.numbytes
 * pax 0.1     records GNU.sparse.size, GNU.sparse.map=OFFSET,LENGTH,..., GNU.sparse.name
 * pax 1.0     records GNU.sparse.major=1, GNU.sparse.realsize, GNU.sparse.name; the content begins with the number of pieces, and
 *             offset and length of each, decimal, a newline after each, filled up to 512 bytes
 * </pre>
 *
 * Data of the pieces follows without gaps.
 */
final class SparseMaps {
    private static final int PAIR = 24;

    private SparseMaps() {
    }

    static long realSizeOfOld(TarHeader header) throws TarException {
        return header.number(header.isStar() ? 452 : 483, 12, "real size");
    }

    /** The map of a member of the type S. Takes the blocks that belong to it, which its size does not count. */
    static SparseMap old(TarHeader header, TarInput in) throws IOException {
        SparseMap map = new SparseMap(in);
        boolean more = pairs(header, header.isStar() ? 356 : 386, 4, map) && header.at(header.isStar() ? 355 : 482) != 0;
        byte[] block = new byte[TarInput.BLOCK];
        while (more) {
            if (!in.block(block)) {
                throw in.truncated();
            }
            TarHeader next = new TarHeader(block, in);
            more = pairs(next, 0, 21, map) && block[504] != 0;
        }
        return map;
    }

    private static boolean pairs(TarHeader from, int at, int count, SparseMap map) throws TarException {
        for (int i = at; i < at + count * PAIR; i += PAIR) {
            if (from.at(i + 12) == 0) {
                return false;
            }
            map.add(from.number(i, 12, "map"), from.number(i + 12, 12, "map"));
        }
        return true;
    }

    /** The map of the format 0.1. */
    static SparseMap listed(byte[] list, TarInput in) throws TarException {
        SparseMap map = new SparseMap(in);
        long offset = -1;
        for (int at = 0; at < list.length;) {
            int end = at;
            while (end < list.length && list[end] != ',') {
                end++;
            }
            long number = PaxHeader.decimal(Arrays.copyOfRange(list, at, end), "GNU.sparse.map", in);
            if (offset < 0) {
                offset = number;
            } else {
                map.add(offset, number);
                offset = -1;
            }
            at = end + 1;
        }
        if (offset >= 0) {
            throw in.wrong("has a sparse file whose map is damaged");
        }
        return map;
    }

    /** The map at the beginning of the content, which is taken. @param most bytes of the content */
    static SparseMap leading(TarInput in, long most) throws IOException {
        SparseMap map = new SparseMap(in);
        long began = in.position();
        long limit = began + most;
        for (long pieces = number(in, limit); pieces > 0; pieces--) {
            long offset = number(in, limit);
            map.add(offset, number(in, limit));
        }
        in.pad(in.position() - began);
        return map;
    }

    private static long number(TarInput in, long limit) throws IOException {
        long value = 0;
        for (int digits = 0;; digits++) {
            int c = in.position() >= limit ? ' ' : in.read();
            if (c < 0) {
                throw in.truncated();
            }
            if (c == '\n' && digits > 0) {
                return value;
            }
            if (c < '0' || c > '9' || digits == 18) {
                throw in.wrong("has a sparse file whose map is damaged");
            }
            value = 10 * value + c - '0';
        }
    }
}
