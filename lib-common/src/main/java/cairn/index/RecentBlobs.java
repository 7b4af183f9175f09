package cairn.index;

import cairn.format.BlobId;
import java.io.IOException;
import java.util.Arrays;

/**
 * The blobs that the running session has claimed or written and that no index file holds yet: an open-addressing table
 * of primitive arrays, 48 bytes a place, in 16 parts by the first bits of the id with a lock each. For any number of
 * threads.
 *
 * <p>A blob is first {@linkplain #claim claimed} by the thread that will write it, so that no two threads do, and later
 * {@linkplain #locate located}, when its pack is durable.
 */
final class RecentBlobs {
    private static final int PART_BITS = 4;
    private static final int FREE = -1;
    private static final int CLAIMED = -2;

    private final Part[] parts = new Part[1 << PART_BITS];

    RecentBlobs() {
        for (int i = 0; i < parts.length; i++) {
            parts[i] = new Part();
        }
    }

    /** Receives entries in the order of their ids. */
    interface Sink {
        void entry(long a, long b, long c, long d, int pack, int offset, int stored, int plain) throws IOException;
    }

    /** Where a blob is; {@code pack} is the number that {@link #locate} was given. */
    record Place(int pack, int offset, int stored, int plain) {}

    private Part part(long a) {
        return parts[(int) (a >>> 64 - PART_BITS)];
    }

    /** True if the blob was not known, and is now for the caller to write. */
    boolean claim(BlobId id) {
        Part part = part(id.a());
        synchronized (part) {
            return part.claim(id);
        }
    }

    /** Takes back a claim. */
    void withdraw(BlobId id) {
        Part part = part(id.a());
        synchronized (part) {
            int at = part.find(id);
            if (at >= 0 && part.packs[at] == CLAIMED) {
                part.remove(at);
            }
        }
    }

    /** Says where a blob is. A blob that is located already keeps its first place. */
    void locate(BlobId id, int pack, int offset, int stored, int plain) {
        Part part = part(id.a());
        synchronized (part) {
            part.locate(id, pack, offset, stored, plain);
        }
    }

    /** Where a blob is, or null if it is unknown or only claimed. */
    Place find(BlobId id) {
        Part part = part(id.a());
        synchronized (part) {
            int at = part.find(id);
            return at < 0 || part.packs[at] == CLAIMED
                    ? null
                    : new Place(part.packs[at], part.offsets[at], part.stored[at], part.plain[at]);
        }
    }

    /** How many blobs are located. */
    int located() {
        int sum = 0;
        for (Part part : parts) {
            synchronized (part) {
                sum += part.located;
            }
        }
        return sum;
    }

    /** Shows all located blobs in the order of their ids. Claims of other threads may go on. */
    void drain(Sink sink) throws IOException {
        for (Part part : parts) {
            synchronized (part) {
                part.drain(sink);
            }
        }
    }

    /** Forgets the located blobs, not the claims. */
    void forgetLocated() {
        for (Part part : parts) {
            synchronized (part) {
                part.forgetLocated();
            }
        }
    }

    private static final class Part {
        private long[] ids = new long[4 * 64];
        private int[] packs = filled(64);
        private int[] offsets = new int[64];
        private int[] stored = new int[64];
        private int[] plain = new int[64];
        private int used;
        private int located;

        private static int[] filled(int places) {
            int[] packs = new int[places];
            Arrays.fill(packs, FREE);
            return packs;
        }

        /** The place of an id, or -1 - the free place where it belongs. */
        private int find(BlobId id) {
            int mask = packs.length - 1;
            int at = (int) id.d() & mask;
            while (packs[at] != FREE) {
                int i = 4 * at;
                if (ids[i] == id.a() && ids[i + 1] == id.b() && ids[i + 2] == id.c() && ids[i + 3] == id.d()) {
                    return at;
                }
                at = at + 1 & mask;
            }
            return -1 - at;
        }

        boolean claim(BlobId id) {
            int at = find(id);
            if (at >= 0) {
                return false;
            }
            put(-1 - at, id, CLAIMED, 0, 0, 0);
            return true;
        }

        void locate(BlobId id, int pack, int offset, int length, int plainLength) {
            int at = find(id);
            if (at < 0) {
                put(-1 - at, id, pack, offset, length, plainLength);
                located++;
                return;
            }
            if (packs[at] != CLAIMED) {
                return;
            }
            packs[at] = pack;
            offsets[at] = offset;
            stored[at] = length;
            plain[at] = plainLength;
            located++;
        }

        private void put(int place, BlobId id, int pack, int offset, int length, int plainLength) {
            int at = place;
            if (4 * (used + 1) > 3 * packs.length) {
                resize(2 * packs.length);
                at = -1 - find(id);
            }
            ids[4 * at] = id.a();
            ids[4 * at + 1] = id.b();
            ids[4 * at + 2] = id.c();
            ids[4 * at + 3] = id.d();
            packs[at] = pack;
            offsets[at] = offset;
            stored[at] = length;
            plain[at] = plainLength;
            used++;
        }

        private void resize(int places) {
            Part old = new Part();
            old.take(this);
            ids = new long[4 * places];
            packs = filled(places);
            offsets = new int[places];
            stored = new int[places];
            plain = new int[places];
            for (int from = 0; from < old.packs.length; from++) {
                if (old.packs[from] != FREE) {
                    move(old, from);
                }
            }
        }

        private void take(Part other) {
            ids = other.ids;
            packs = other.packs;
            offsets = other.offsets;
            stored = other.stored;
            plain = other.plain;
        }

        /** Puts what is at a place of another table, or of this one, where its id belongs. */
        private void move(Part old, int from) {
            int mask = packs.length - 1;
            int at = (int) old.ids[4 * from + 3] & mask;
            while (packs[at] != FREE) {
                at = at + 1 & mask;
            }
            System.arraycopy(old.ids, 4 * from, ids, 4 * at, 4);
            packs[at] = old.packs[from];
            offsets[at] = old.offsets[from];
            stored[at] = old.stored[from];
            plain[at] = old.plain[from];
        }

        /** Frees a place, and moves those behind it that would not be found any more. */
        private void remove(int place) {
            int mask = packs.length - 1;
            packs[place] = FREE;
            used--;
            for (int at = place + 1 & mask; packs[at] != FREE; at = at + 1 & mask) {
                int pack = packs[at];
                packs[at] = FREE;
                int to = (int) ids[4 * at + 3] & mask;
                while (packs[to] != FREE) {
                    to = to + 1 & mask;
                }
                if (to != at) {
                    System.arraycopy(ids, 4 * at, ids, 4 * to, 4);
                    offsets[to] = offsets[at];
                    stored[to] = stored[at];
                    plain[to] = plain[at];
                }
                packs[to] = pack;
            }
        }

        /** Shows the located blobs by their ids: places are sorted by the first bits, and runs of equal ones looked at. */
        void drain(Sink sink) throws IOException {
            int placeBits = 32 - Integer.numberOfLeadingZeros(packs.length - 1);
            long[] keys = new long[located];
            int count = 0;
            for (int at = 0; at < packs.length; at++) {
                if (packs[at] >= 0) {
                    // without the first bits, which are the same in this part, and so the sign does not matter
                    keys[count++] = ids[4 * at] << PART_BITS >>> placeBits + 1 << placeBits | at;
                }
            }
            Arrays.sort(keys);
            int mask = (1 << placeBits) - 1;
            for (int i = 0; i < count; i++) {
                int lowest = i;
                for (int j = i + 1; j < count && keys[j] >>> placeBits == keys[i] >>> placeBits; j++) {
                    if (order((int) keys[j] & mask, (int) keys[lowest] & mask) < 0) {
                        lowest = j;
                    }
                }
                long key = keys[lowest];
                keys[lowest] = keys[i];
                keys[i] = key;
                int at = (int) key & mask;
                sink.entry(
                        ids[4 * at], ids[4 * at + 1], ids[4 * at + 2], ids[4 * at + 3],
                        packs[at], offsets[at], stored[at], plain[at]);
            }
        }

        private int order(int x, int y) {
            return IndexFile.compare(
                    ids[4 * x], ids[4 * x + 1], ids[4 * x + 2], ids[4 * x + 3],
                    ids[4 * y], ids[4 * y + 1], ids[4 * y + 2], ids[4 * y + 3]);
        }

        void forgetLocated() {
            for (int at = 0; at < packs.length; at++) {
                if (packs[at] >= 0) {
                    packs[at] = FREE;
                }
            }
            used -= located;
            located = 0;
            int places = 64;
            while (2 * used > places) {
                places *= 2;
            }
            resize(places); // also closes the gaps
        }
    }
}
