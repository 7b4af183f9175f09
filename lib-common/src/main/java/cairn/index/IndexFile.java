package cairn.index;

import cairn.format.Bytes;
import cairn.format.DamagedException;
import cairn.format.Envelope;
import cairn.format.Hash;
import java.util.zip.CRC32C;

/**
 * An index file: {@code index/HASH}. A sorted, immutable table that says in which packs blobs are. It opens and closes
 * as {@link Envelope} says; all numbers are little-endian, all checksums CRC-32C (RFC 3720).
 *
 * <pre>
 * header     32
 * block      ...   ceil(entries / 64) times: up to 64 entries of 48, then the checksum u32 of these; only the last is shorter
 * fan-out    u32   2^bits times: how many entries have ids whose first "bits" bits, as a number, are at most this one's number
 * filter     64    2^bits times if "filtered" is 1, else nothing: a Bloom filter of the ids with these first bits
 * signer     32    "signers" times: an Ed25519 public key
 * pack       48    "packs" times, sorted by hash, then by signer number, no two the same
 * tail       40
 * footer     as in {@link Envelope}
 *
 * entry, sorted by blob id, then by pack number, no two the same:
 *   blob id  32
 *   pack     u32   number of the pack in the table, from 0
 *   offset   u32   of the frame, in bytes from the start of the pack
 *   stored   u32   bytes of the frame
 *   plain    u32   bytes of the payload before compression
 *
 * pack:
 *   hash     32
 *   size     u64   bytes of the file
 *   signer   u16   number in the table, from 0: on whose word these blobs are in this pack
 *   kind     u8    as in the pack: 1 data, 2 trees
 *   zero     5
 *
 * tail:
 *   entries  u64   at most 2^31 - 1
 *   packs    u32
 *   signers  u16
 *   bits     u8    0 to 24
 *   filtered u8    0 or 1
 *   checksum u32   4 times: of the fan-out, of the filter (0 if none), of the signers, of the packs
 *   zero     u32
 *   checksum u32   of the tail so far
 *
 * filter block of 512 bits: bit i is bit i mod 8 of byte i / 8; an id sets the bits that are numbered by the lowest six
 * groups of nine bits of its last 8 bytes, read as a big-endian number.
 * </pre>
 *
 * <p>The tables stand behind the entries so that any number of sorted entries can be written in one pass with little
 * memory. Ids are uniformly distributed, so the fan-out finds the right block nearly always at the first try; a file
 * whose ids are not is slower, nothing else. Writers choose {@code bits} so that a bucket has 32 to 64 entries: the
 * fan-out, which readers hold in memory, takes about a bit an entry. The filter, 1 to 2 bytes an entry, answers most
 * look-ups of ids that are not there without reading; files of more than {@value #MOST_FILTERED} entries have none.
 *
 * <p>The checksums tell bit rot at each small read; against an attacker stand the hash and the signature in the
 * footer, which only a pass over the whole file can check.
 *
 * <p>"On whose word": a writer names itself for its own packs. Who indexes the packs of others from their directories
 * names the signers of the packs, after checking their signatures. Who merges index files keeps the name if the file
 * it came from is signed by somebody trusted, and otherwise puts the signer of that file: so a false claim never gains
 * trust by being merged.
 */
final class IndexFile {
    static final String FOLDER = "index/";
    static final int ENTRY = 48;
    static final int BLOCK_ENTRIES = 64;
    static final int BLOCK = BLOCK_ENTRIES * ENTRY + 4;
    static final int FILTER_BLOCK = 64;
    static final int SIGNER = 32;
    static final int PACK = 48;
    static final int TAIL = 40;
    static final int MOST_BITS = 24;
    static final int MOST_ENTRIES = Integer.MAX_VALUE;
    /** The filter of so many entries takes 16 MiB, which a writer holds in memory. */
    static final int MOST_FILTERED = 1 << 24;

    private IndexFile() {}

    static String name(Hash file) {
        return FOLDER + file.hex();
    }

    /** Bits of the fan-out for so many entries. */
    static int bitsFor(long entries) {
        int bits = 0;
        while (bits < MOST_BITS && entries >> bits > BLOCK_ENTRIES) {
            bits++;
        }
        return bits;
    }

    /** Bytes that the blocks of so many entries take. */
    static long blocksLength(long entries) {
        return entries * ENTRY + (entries + BLOCK_ENTRIES - 1) / BLOCK_ENTRIES * 4;
    }

    /** The bucket of an id, from its first 8 bytes. */
    static int bucket(long a, int bits) {
        return bits == 0 ? 0 : (int) (a >>> 64 - bits);
    }

    /** Marks an id in the filter block at an offset. */
    static void mark(byte[] filter, int at, long d) {
        for (int i = 0; i < 6; i++) {
            int bit = (int) (d >>> 9 * i) & 511;
            filter[at + (bit >> 3)] |= (byte) (1 << (bit & 7));
        }
    }

    /** Whether an id may have been marked in the filter block at an offset. */
    static boolean isMarked(byte[] filter, int at, long d) {
        for (int i = 0; i < 6; i++) {
            int bit = (int) (d >>> 9 * i) & 511;
            if ((filter[at + (bit >> 3)] & 1 << (bit & 7)) == 0) {
                return false;
            }
        }
        return true;
    }

    static int checksum(byte[] bytes, int start, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, start, length);
        return (int) crc.getValue();
    }

    /** Compares ids that are given as the four numbers of which {@code BlobId} consists. */
    static int compare(long a1, long b1, long c1, long d1, long a2, long b2, long c2, long d2) {
        if (a1 != a2) {
            return Long.compareUnsigned(a1, a2);
        }
        if (b1 != b2) {
            return Long.compareUnsigned(b1, b2);
        }
        return c1 != c2 ? Long.compareUnsigned(c1, c2) : Long.compareUnsigned(d1, d2);
    }

    /**
     * What the tail says.
     *
     * @param checksums of fan-out, filter, signers, packs
     */
    record Tail(int entries, int packs, int signers, int bits, boolean filtered, int[] checksums) {

        long fanoutStart() {
            return Envelope.HEADER + blocksLength(entries);
        }

        int fanoutLength() {
            return 4 << bits;
        }

        long filterStart() {
            return fanoutStart() + fanoutLength();
        }

        int filterLength() {
            return filtered ? FILTER_BLOCK << bits : 0;
        }

        long signersStart() {
            return filterStart() + filterLength();
        }

        long packsStart() {
            return signersStart() + (long) signers * SIGNER;
        }

        /** Where the tail itself begins. */
        long start() {
            return packsStart() + (long) packs * PACK;
        }

        byte[] encode() {
            byte[] tail = new byte[TAIL];
            Bytes.putLong(tail, 0, entries);
            Bytes.putInt(tail, 8, packs);
            Bytes.putShort(tail, 12, signers);
            tail[14] = (byte) bits;
            tail[15] = (byte) (filtered ? 1 : 0);
            for (int i = 0; i < 4; i++) {
                Bytes.putInt(tail, 16 + 4 * i, checksums[i]);
            }
            Bytes.putInt(tail, 36, checksum(tail, 0, 36));
            return tail;
        }

        /** @param start where the tail begins, by the size of the file */
        static Tail decode(byte[] tail, long start, String what) throws DamagedException {
            if (Bytes.getInt(tail, 36) != checksum(tail, 0, 36)) {
                throw new DamagedException(what, "has a wrong checksum at its end");
            }
            long entries = Bytes.getLong(tail, 0);
            int packs = Bytes.getInt(tail, 8);
            int bits = tail[14];
            int[] checksums = new int[4];
            for (int i = 0; i < 4; i++) {
                checksums[i] = Bytes.getInt(tail, 16 + 4 * i);
            }
            if (entries < 0 || entries > MOST_ENTRIES || packs < 0 || packs > Integer.MAX_VALUE / PACK
                    || bits < 0 || bits > MOST_BITS || tail[15] < 0 || tail[15] > 1 || Bytes.getInt(tail, 32) != 0) {
                throw new DamagedException(what, "holds sizes that no version of cairn writes");
            }
            Tail decoded =
                    new Tail((int) entries, packs, Bytes.getShort(tail, 12), bits, tail[15] == 1, checksums);
            if (decoded.start() != start) {
                throw new DamagedException(what, "has " + start + " bytes before its end where " + decoded.start() + " are right");
            }
            return decoded;
        }
    }
}
