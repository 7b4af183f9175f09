package cairn.index;

import cairn.format.Bytes;
import cairn.format.DamagedException;
import cairn.format.Hash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** The signers and packs of an index file, as {@link IndexFile} lays them out; signers sorted here, so that equal tables are equal bytes. */
final class PackTable {
    private static final int SIZE = Hash.BYTES;
    private static final int SIGNER = SIZE + 8;
    private static final int KIND = SIGNER + 2;
    private static final int MOST_SIGNERS = 0xFFFF;

    private final byte[] signers;
    private final byte[] packs;

    private PackTable(byte[] signers, byte[] packs) {
        this.signers = signers;
        this.packs = packs;
    }

    /** Takes over tables that were read. */
    static PackTable decode(byte[] signers, byte[] packs, String what) throws DamagedException {
        PackTable table = new PackTable(signers, packs);
        int known = signers.length / IndexFile.SIGNER;
        for (int i = 0; i < table.size(); i++) {
            if (table.signerNumber(i) >= known || table.packSize(i) < 0 || i > 0 && table.order(i - 1, i) >= 0) {
                throw new DamagedException(what, "has a table of packs that no version of cairn writes, from pack " + i + " on");
            }
        }
        return table;
    }

    /** A table of packs in any order. */
    static PackTable of(List<IndexedPack> packs) {
        byte[] signers = signerTable(packs.stream().map(IndexedPack::signer).toList());
        List<IndexedPack> sorted = new ArrayList<>(packs);
        sorted.sort((x, y) -> {
            int order = x.hash().compareTo(y.hash());
            return order != 0 ? order : Arrays.compareUnsigned(x.signer(), y.signer());
        });
        byte[] rows = new byte[Math.multiplyExact(sorted.size(), IndexFile.PACK)];
        for (int i = 0; i < sorted.size(); i++) {
            IndexedPack pack = sorted.get(i);
            int at = i * IndexFile.PACK;
            pack.hash().write(rows, at);
            Bytes.putLong(rows, at + SIZE, pack.size());
            Bytes.putShort(rows, at + SIGNER, indexOf(signers, pack.signer()));
            rows[at + KIND] = (byte) pack.kind();
        }
        return new PackTable(signers, rows);
    }

    private static byte[] signerTable(List<byte[]> keys) {
        List<byte[]> sorted = new ArrayList<>(keys);
        sorted.sort(Arrays::compareUnsigned);
        byte[] table = new byte[sorted.size() * IndexFile.SIGNER];
        int length = 0;
        for (byte[] key : sorted) {
            if (length == 0
                    || !Arrays.equals(key, 0, IndexFile.SIGNER, table, length - IndexFile.SIGNER, length)) {
                System.arraycopy(key, 0, table, length, IndexFile.SIGNER);
                length += IndexFile.SIGNER;
            }
        }
        if (length / IndexFile.SIGNER > MOST_SIGNERS) {
            throw new IllegalStateException("more than " + MOST_SIGNERS + " signers in one index file");
        }
        return Arrays.copyOf(table, length);
    }

    private static int indexOf(byte[] signers, byte[] key) {
        int low = 0;
        int high = signers.length / IndexFile.SIGNER - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            int at = middle * IndexFile.SIGNER;
            int order = Arrays.compareUnsigned(signers, at, at + IndexFile.SIGNER, key, 0, IndexFile.SIGNER);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        throw new IllegalStateException("signer is not in the table");
    }

    int size() {
        return packs.length / IndexFile.PACK;
    }

    byte[] signers() {
        return signers;
    }

    byte[] packs() {
        return packs;
    }

    Hash hash(int pack) {
        return Hash.read(packs, pack * IndexFile.PACK);
    }

    private long packSize(int pack) {
        return Bytes.getLong(packs, pack * IndexFile.PACK + SIZE);
    }

    private int signerNumber(int pack) {
        return Bytes.getShort(packs, pack * IndexFile.PACK + SIGNER);
    }

    private byte[] signer(int pack) {
        int at = signerNumber(pack) * IndexFile.SIGNER;
        return Arrays.copyOfRange(signers, at, at + IndexFile.SIGNER);
    }

    IndexedPack get(int pack) {
        return new IndexedPack(hash(pack), packs[pack * IndexFile.PACK + KIND] & 0xFF, packSize(pack), signer(pack));
    }

    /** Whether a pack is among those asked for. */
    boolean any(Predicate<Hash> asked) {
        for (int i = 0; i < size(); i++) {
            if (asked.test(hash(i))) {
                return true;
            }
        }
        return false;
    }

    /** The number of a pack, or -1; any of them if it stands there by several signers. */
    int find(Hash hash) {
        int low = 0;
        int high = size() - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            int order = hash(middle).compareTo(hash);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** The number of exactly this pack by exactly this signer, or -1. */
    int find(IndexedPack pack) {
        int at = find(pack.hash());
        if (at < 0) {
            return -1;
        }
        while (at > 0 && hash(at - 1).equals(pack.hash())) {
            at--;
        }
        for (; at < size() && hash(at).equals(pack.hash()); at++) {
            if (Arrays.equals(signer(at), pack.signer())) {
                return at;
            }
        }
        return -1;
    }

    private int order(int x, int y) {
        int order = compareHash(this, x, this, y);
        return order != 0 ? order : Integer.compare(signerNumber(x), signerNumber(y));
    }

    private static int compareHash(PackTable x, int packX, PackTable y, int packY) {
        int atX = packX * IndexFile.PACK;
        int atY = packY * IndexFile.PACK;
        return Arrays.compareUnsigned(x.packs, atX, atX + Hash.BYTES, y.packs, atY, atY + Hash.BYTES);
    }

    /** @param numbers per source: the new number of each of its packs, or -1 if it was dropped */
    record Merged(PackTable table, int[][] numbers) {}

    /**
     * Merges tables into one.
     *
     * @param resigned per source: the signer to put in place of all others, or null to keep them
     * @param dropped which packs to leave out
     */
    static Merged merge(List<PackTable> sources, List<byte[]> resigned, Predicate<Hash> dropped) {
        int rows = 0;
        List<byte[]> keys = new ArrayList<>();
        int[][] numbers = new int[sources.size()][];
        for (int s = 0; s < sources.size(); s++) {
            PackTable source = sources.get(s);
            rows = Math.addExact(rows, source.size());
            numbers[s] = new int[source.size()];
            if (resigned.get(s) != null) {
                keys.add(resigned.get(s));
            } else {
                for (int at = 0; at < source.signers.length; at += IndexFile.SIGNER) {
                    keys.add(Arrays.copyOfRange(source.signers, at, at + IndexFile.SIGNER));
                }
            }
        }
        byte[] signers = signerTable(keys);
        byte[] packs = new byte[Math.multiplyExact(rows, IndexFile.PACK)];
        int count = 0;
        int[] next = new int[sources.size()];
        List<int[]> same = new ArrayList<>(); // {signer, source, number} of one hash
        while (true) {
            int lowest = -1;
            for (int s = 0; s < next.length; s++) {
                if (next[s] < sources.get(s).size()
                        && (lowest < 0
                                || compareHash(sources.get(s), next[s], sources.get(lowest), next[lowest]) < 0)) {
                    lowest = s;
                }
            }
            if (lowest < 0) {
                break;
            }
            PackTable first = sources.get(lowest);
            int firstNumber = next[lowest];
            same.clear();
            for (int s = 0; s < next.length; s++) {
                PackTable source = sources.get(s);
                while (next[s] < source.size() && compareHash(source, next[s], first, firstNumber) == 0) {
                    byte[] signer = resigned.get(s) != null ? resigned.get(s) : source.signer(next[s]);
                    same.add(new int[] {indexOf(signers, signer), s, next[s]++});
                }
            }
            boolean drop = dropped.test(first.hash(firstNumber));
            same.sort((x, y) -> Integer.compare(x[0], y[0]));
            int before = -1;
            for (int[] row : same) {
                if (drop) {
                    numbers[row[1]][row[2]] = -1;
                    continue;
                }
                if (row[0] != before) {
                    int at = count++ * IndexFile.PACK;
                    System.arraycopy(sources.get(row[1]).packs, row[2] * IndexFile.PACK, packs, at, IndexFile.PACK);
                    Bytes.putShort(packs, at + SIGNER, row[0]);
                    before = row[0];
                }
                numbers[row[1]][row[2]] = count - 1;
            }
        }
        return new Merged(new PackTable(signers, Arrays.copyOf(packs, count * IndexFile.PACK)), numbers);
    }
}
