package cairn.hash;

import static cairn.hash.Blake3Scalar.BLOCK;
import static cairn.hash.Blake3Scalar.CHUNK;
import static cairn.hash.Blake3Scalar.CHUNK_END;
import static cairn.hash.Blake3Scalar.CHUNK_START;
import static cairn.hash.Blake3Scalar.PARENT;
import static cairn.hash.Blake3Scalar.ROOT;
import static cairn.hash.Blake3Scalar.WORD;

import java.util.Arrays;

/**
 * Whole inputs, many at once: the chunks of all of them go through the lanes together, then the lowest parents of all
 * of them, and so on to the roots. So small files are hashed at nearly the speed of large ones.
 *
 * <p>Node <i>k</i> of a level has its 8 words at {@code 8 * (first + k)} of {@code nodes}; a parent takes the place
 * of its left child's number halved, and an odd node at the end of a level moves down unchanged, which is BLAKE3's
 * tree.
 */
final class Blake3Batch {
    private final int[] key;
    private final int flags;
    private final Blake3Lanes lanes;
    private final int[] state = new int[16];
    private final int[] message = new int[16];

    /** Of each input: its first node, and how many are left. */
    private int[] first = new int[1];
    private int[] count = new int[1];
    private int[] nodes = new int[0];
    /** Where the node of each lane goes. */
    private final int[] target = new int[Blake3Lanes.MAX];
    /** How many inputs end in a chunk of so many blocks less than 16, and then their order. */
    private final int[] bucket = new int[18];
    private int[] order = new int[1];
    private int filled;

    Blake3Batch(int[] key, int flags) {
        this.key = key;
        this.flags = flags;
        lanes = new Blake3Lanes(key, flags);
    }

    /** Hashes {@code n} inputs into 32 bytes each, one after the other from {@code outOff} on. */
    void hash(byte[] in, int[] off, int[] len, int n, byte[] out, int outOff) {
        plan(len, n);
        for (int i = 0; i < n; i++) {
            for (int c = 0, whole = len[i] / CHUNK; c < whole; c++) {
                chunk(in, off[i] + c * CHUNK, CHUNK, c, i);
            }
        }
        for (int k = 0; k < n; k++) {
            int i = order[k];
            int whole = len[i] / CHUNK;
            if (whole < count[i]) {
                chunk(in, off[i] + whole * CHUNK, len[i] - whole * CHUNK, whole, i);
            }
        }
        flushChunks(in);
        while (joinLevel(n)) {
            continue;
        }
        for (int i = 0; i < n; i++) {
            for (int w = 0; w < 8; w++) {
                WORD.set(out, outOff + 32 * i + 4 * w, nodes[8 * first[i] + w]);
            }
        }
    }

    /** Chains {@code n} whole chunks in a row, none of them a root; their values come one after the other. */
    int[] chunks(byte[] in, int off, int n, long number) {
        reserve(n);
        for (int i = 0; i < n; i++) {
            lanes.start[i] = off + i * CHUNK;
            lanes.low[i] = (int) (number + i);
            lanes.high[i] = (int) ((number + i) >>> 32);
        }
        Arrays.fill(lanes.length, 0, n, CHUNK);
        Arrays.fill(lanes.end, 0, n, CHUNK_END);
        lanes.chunks(in, n);
        for (int i = 0; i < n; i++) {
            lanes.get(i, nodes, 8 * i);
        }
        return nodes;
    }

    /** Joins {@code 2n} of the nodes that {@link #chunks} gave, from number {@code from} on, to nodes 0 to n. */
    void join(int from, int n) {
        for (int i = 0; i < n; i++) {
            pair(from + 2 * i, i, PARENT);
        }
        flushPairs();
    }

    private void plan(int[] len, int n) {
        if (first.length < n) {
            first = new int[n];
            count = new int[n];
            order = new int[n];
        }
        Arrays.fill(bucket, 0);
        int total = 0;
        for (int i = 0; i < n; i++) {
            first[i] = total;
            count[i] = Math.max(1, (len[i] + CHUNK - 1) / CHUNK);
            total += count[i];
            bucket[17 - (len[i] % CHUNK + BLOCK - 1) / BLOCK]++;
        }
        for (int b = 1; b < bucket.length; b++) {
            bucket[b] += bucket[b - 1];
        }
        for (int i = 0; i < n; i++) {
            order[bucket[16 - (len[i] % CHUNK + BLOCK - 1) / BLOCK]++] = i;
        }
        reserve(total);
        filled = 0;
    }

    private void reserve(int chunks) {
        if (nodes.length < 8 * chunks) {
            nodes = new int[Math.max(8 * chunks, 8 * Blake3Lanes.MAX)];
        }
    }

    private void chunk(byte[] in, int off, int len, int number, int input) {
        lanes.start[filled] = off;
        lanes.length[filled] = len;
        lanes.low[filled] = number;
        lanes.high[filled] = 0;
        lanes.end[filled] = count[input] == 1 ? CHUNK_END | ROOT : CHUNK_END;
        target[filled] = first[input] + number;
        if (++filled == Blake3Lanes.MAX) {
            flushChunks(in);
        }
    }

    private void flushChunks(byte[] in) {
        if (filled >= Blake3Lanes.MIN) {
            lanes.chunks(in, filled);
            for (int i = 0; i < filled; i++) {
                lanes.get(i, nodes, 8 * target[i]);
            }
        } else {
            for (int i = 0; i < filled; i++) {
                int number = lanes.low[i];
                int at = Blake3Scalar.chain(key, flags, in, lanes.start[i], lanes.length[i], number, state, message);
                int left = lanes.length[i] - at;
                Blake3Scalar.lastWords(in, lanes.start[i] + at, left, message);
                int blockFlags = flags | lanes.end[i] | (at == 0 ? CHUNK_START : 0);
                Blake3Scalar.compress(state, message, number, left, blockFlags);
                System.arraycopy(state, 0, nodes, 8 * target[i], 8);
            }
        }
        filled = 0;
    }

    /** Joins the nodes of every input once in pairs; false if each has but one. */
    private boolean joinLevel(int n) {
        boolean joined = false;
        for (int i = 0; i < n; i++) {
            int pairs = count[i] >> 1;
            for (int k = 0; k < pairs; k++) {
                pair(first[i] + 2 * k, first[i] + k, count[i] == 2 ? PARENT | ROOT : PARENT);
            }
        }
        flushPairs();
        for (int i = 0; i < n; i++) {
            if (count[i] > 1) {
                joined = true;
                if ((count[i] & 1) != 0) {
                    System.arraycopy(nodes, 8 * (first[i] + count[i] - 1), nodes, 8 * (first[i] + (count[i] >> 1)), 8);
                }
                count[i] = count[i] + 1 >> 1;
            }
        }
        return joined;
    }

    private void pair(int left, int to, int end) {
        lanes.start[filled] = 8 * left;
        lanes.end[filled] = end;
        target[filled] = to;
        if (++filled == Blake3Lanes.MAX) {
            flushPairs();
        }
    }

    private void flushPairs() {
        if (filled >= Blake3Lanes.MIN) {
            lanes.parents(nodes, filled);
            for (int i = 0; i < filled; i++) {
                lanes.get(i, nodes, 8 * target[i]);
            }
        } else {
            for (int i = 0; i < filled; i++) {
                System.arraycopy(nodes, lanes.start[i], message, 0, 16);
                System.arraycopy(key, 0, state, 0, 8);
                Blake3Scalar.compress(state, message, 0, BLOCK, flags | lanes.end[i]);
                System.arraycopy(state, 0, nodes, 8 * target[i], 8);
            }
        }
        filled = 0;
    }
}
