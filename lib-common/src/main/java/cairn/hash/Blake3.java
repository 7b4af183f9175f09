package cairn.hash;

import static cairn.hash.Blake3Scalar.BLOCK;
import static cairn.hash.Blake3Scalar.CHUNK;
import static cairn.hash.Blake3Scalar.CHUNK_END;
import static cairn.hash.Blake3Scalar.CHUNK_START;
import static cairn.hash.Blake3Scalar.DERIVE_KEY_CONTEXT;
import static cairn.hash.Blake3Scalar.DERIVE_KEY_MATERIAL;
import static cairn.hash.Blake3Scalar.KEYED_HASH;
import static cairn.hash.Blake3Scalar.PARENT;
import static cairn.hash.Blake3Scalar.ROOT;
import static cairn.hash.Blake3Scalar.WORD;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * BLAKE3 (O'Connor, Aumasson, Neves, Wilcox-O'Hearn, "BLAKE3: one function, fast everywhere", 2020): plain, keyed and
 * key derivation, output of any length.
 *
 * <p>Input is cut into chunks of 1 KiB, whose chaining values are the leaves of a binary tree in which every left
 * subtree is full. Runs of whole chunks are hashed side by side ({@link Blake3Batch}), and so are their parents;
 * what is too short for that goes block by block. The last chunk is always kept back, in {@code tail}: only when
 * something follows it is it certain that no node before it is the root, which is hashed with a flag of its own.
 *
 * <p>An object can be used any number of times, by one thread at a time. A new one costs little: the 50 KiB for
 * side by side come with the first long input.
 */
public final class Blake3 {
    /** Bytes of a digest of default length. */
    public static final int HASH_BYTES = 32;
    /** Bytes of a key. */
    public static final int KEY_BYTES = 32;

    private final int[] key;
    private final int flags;

    private final byte[] tail = new byte[CHUNK];
    private int tailLength;
    /** Whole chunks before the tail. */
    private long chunks;
    /** Chaining values of the subtrees that wait, 8 words each, the widest first. */
    private int[] stack = new int[8 * 12];
    private int depth;

    private final int[] state = new int[16];
    private final int[] message = new int[16];
    private Blake3Batch batch;
    /** Nodes of a run of chunks that have no partner in it, 8 words a level. */
    private int[] waiting;
    private final int[] oneOffset = new int[1];
    private final int[] oneLength = new int[1];

    private Blake3(int[] key, int flags) {
        this.key = key;
        this.flags = flags;
    }

    /** A hasher without a key. */
    public static Blake3 hasher() {
        return new Blake3(Blake3Scalar.iv(), 0);
    }

    /**
     * A keyed hasher, fit as a message authentication code and as a pseudo-random function.
     *
     * @param key 32 bytes, copied
     */
    public static Blake3 keyed(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a BLAKE3 key has 32 bytes, not " + key.length);
        }
        int[] words = new int[8];
        Blake3Scalar.words(key, 0, words, 0, 8);
        return new Blake3(words, KEYED_HASH);
    }

    /**
     * A key deriver: what is fed to it is key material, what comes out a key for this context only.
     *
     * @param context a constant of the program, unique to the use
     */
    public static Blake3 derive(String context) {
        byte[] bytes = context.getBytes(StandardCharsets.UTF_8);
        byte[] contextKey = new byte[KEY_BYTES];
        new Blake3(Blake3Scalar.iv(), DERIVE_KEY_CONTEXT).hash(bytes, 0, bytes.length, contextKey, 0);
        int[] words = new int[8];
        Blake3Scalar.words(contextKey, 0, words, 0, 8);
        return new Blake3(words, DERIVE_KEY_MATERIAL);
    }

    /** Forgets all input; mode and key stay. */
    public Blake3 reset() {
        tailLength = 0;
        chunks = 0;
        depth = 0;
        return this;
    }

    public Blake3 update(byte[] in) {
        return update(in, 0, in.length);
    }

    public Blake3 update(byte[] in, int off, int len) {
        Objects.checkFromIndexSize(off, len, in.length);
        if (tailLength > 0) {
            int fill = Math.min(CHUNK - tailLength, len);
            System.arraycopy(in, off, tail, tailLength, fill);
            tailLength += fill;
            off += fill;
            len -= fill;
            if (len == 0) {
                return this;
            }
            wholeChunk(tail, 0);
            tailLength = 0;
        }
        int kept = wholeChunks(in, off, len);
        System.arraycopy(in, off + len - kept, tail, 0, kept);
        tailLength = kept;
        return this;
    }

    /** Writes the 32 bytes for the input so far. More input may follow. */
    public void digest(byte[] out, int outOff) {
        Objects.checkFromIndexSize(outOff, HASH_BYTES, out.length);
        output(tail, 0, tailLength, out, outOff, HASH_BYTES);
    }

    /** The 32 bytes for the input so far. More input may follow. */
    public byte[] digest() {
        byte[] out = new byte[HASH_BYTES];
        output(tail, 0, tailLength, out, 0, HASH_BYTES);
        return out;
    }

    /** Writes {@code len} bytes, any number, for the input so far. More input may follow. */
    public void digest(byte[] out, int outOff, int len) {
        Objects.checkFromIndexSize(outOff, len, out.length);
        output(tail, 0, tailLength, out, outOff, len);
    }

    /** Hashes one input by itself into 32 bytes, and leaves the object reset. Faster than update and digest. */
    public void hash(byte[] in, int off, int len, byte[] out, int outOff) {
        Objects.checkFromIndexSize(off, len, in.length);
        Objects.checkFromIndexSize(outOff, HASH_BYTES, out.length);
        reset();
        if (len > Blake3Lanes.MIN * CHUNK && len <= Blake3Lanes.MAX * CHUNK) {
            oneOffset[0] = off;
            oneLength[0] = len;
            batch().hash(in, oneOffset, oneLength, 1, out, outOff);
            return;
        }
        int kept = len <= CHUNK ? len : wholeChunks(in, off, len);
        output(in, off + len - kept, kept, out, outOff, HASH_BYTES);
        reset();
    }

    /**
     * Hashes many inputs of one buffer, each by itself, and leaves the object reset. For small inputs this is several
     * times faster than one after the other; some hundred kilobytes in all are enough for that.
     *
     * @param off where each input starts
     * @param len bytes of each, 0 or more
     * @param n how many inputs
     * @param out gets 32 bytes for each, one after the other
     */
    public void hashAll(byte[] in, int[] off, int[] len, int n, byte[] out, int outOff) {
        for (int i = 0; i < n; i++) {
            Objects.checkFromIndexSize(off[i], len[i], in.length);
        }
        Objects.checkFromIndexSize(outOff, Math.multiplyExact(n, HASH_BYTES), out.length);
        reset();
        batch().hash(in, off, len, n, out, outOff);
    }

    private Blake3Batch batch() {
        if (batch == null) {
            batch = new Blake3Batch(key, flags);
            waiting = new int[8 * 16];
        }
        return batch;
    }

    /** Takes in all but the last chunk; returns the length of that, 0 to 1024. */
    private int wholeChunks(byte[] in, int off, int len) {
        while (len > CHUNK) {
            int n = Math.min((len - 1) / CHUNK, Blake3Lanes.MAX);
            if (n >= Blake3Lanes.MIN) {
                pushRun(batch().chunks(in, off, n, chunks), n);
            } else {
                n = 1;
                wholeChunk(in, off);
            }
            off += n * CHUNK;
            len -= n * CHUNK;
        }
        return len;
    }

    private void wholeChunk(byte[] in, int off) {
        Blake3Scalar.chain(key, flags, in, off, CHUNK, chunks, state, message);
        Blake3Scalar.words(in, off + CHUNK - BLOCK, message, 0, 16);
        Blake3Scalar.compress(state, message, chunks, BLOCK, flags | CHUNK_END);
        push(++chunks);
    }

    /**
     * Pushes the subtree whose value is in {@code state}, and joins what is full now that {@code total} chunks stand.
     */
    private void push(long total) {
        if (8 * depth == stack.length) {
            stack = Arrays.copyOf(stack, 2 * stack.length);
        }
        System.arraycopy(state, 0, stack, 8 * depth++, 8);
        for (int wanted = Long.bitCount(total); depth > wanted; depth--) {
            System.arraycopy(stack, 8 * (depth - 2), message, 0, 16);
            System.arraycopy(key, 0, state, 0, 8);
            Blake3Scalar.compress(state, message, 0, BLOCK, flags | PARENT);
            System.arraycopy(state, 0, stack, 8 * (depth - 2), 8);
        }
    }

    /**
     * Joins the {@code n} chunks of a run as far as they pair up among themselves, and pushes what is left from left
     * to right: odd nodes at the left end go at once, those at the right end after the widest subtree.
     */
    private void pushRun(int[] nodes, int n) {
        long first = chunks;
        chunks += n;
        int level = 0;
        int late = 0;
        while (n > 0) {
            int from = 0;
            if ((first & 1) != 0) {
                first++;
                System.arraycopy(nodes, 0, state, 0, 8);
                push(first << level);
                from = 1;
                n--;
            }
            if ((n & 1) != 0) {
                n--;
                System.arraycopy(nodes, 8 * (from + n), waiting, 8 * level, 8);
                late |= 1 << level;
            }
            n >>= 1;
            batch.join(from, n);
            first >>= 1;
            level++;
        }
        for (int k = level - 1; k >= 0; k--) {
            if ((late & 1 << k) != 0) {
                late ^= 1 << k;
                System.arraycopy(waiting, 8 * k, state, 0, 8);
                push(chunks - late);
            }
        }
    }

    /** Makes the output from the last chunk and the stack, without changing what {@code update} goes on with. */
    private void output(byte[] in, int off, int len, byte[] out, int outOff, int outLen) {
        int done = Blake3Scalar.chain(key, flags, in, off, len, chunks, state, message);
        int blockLen = len - done;
        int blockFlags = flags | CHUNK_END | (done == 0 ? CHUNK_START : 0);
        Blake3Scalar.lastWords(in, off + done, blockLen, message);
        long counter = chunks;
        for (int d = depth - 1; d >= 0; d--) {
            Blake3Scalar.compress(state, message, counter, blockLen, blockFlags);
            System.arraycopy(stack, 8 * d, message, 0, 8);
            System.arraycopy(state, 0, message, 8, 8);
            System.arraycopy(key, 0, state, 0, 8);
            counter = 0;
            blockLen = BLOCK;
            blockFlags = flags | PARENT;
        }
        if (outLen <= BLOCK) {
            Blake3Scalar.compress(state, message, 0, blockLen, blockFlags | ROOT);
            write(out, outOff, outLen);
            return;
        }
        int[] root = Arrays.copyOf(state, 8);
        for (long block = 0; outLen > 0; block++) {
            System.arraycopy(root, 0, state, 0, 8);
            Blake3Scalar.compress(state, message, block, blockLen, blockFlags | ROOT);
            int n = Math.min(outLen, BLOCK);
            write(out, outOff, n);
            outOff += n;
            outLen -= n;
        }
    }

    private void write(byte[] out, int off, int len) {
        int i = 0;
        for (; i + 4 <= len; i += 4) {
            WORD.set(out, off + i, state[i >> 2]);
        }
        for (; i < len; i++) {
            out[off + i] = (byte) (state[i >> 2] >>> (i << 3));
        }
    }
}
