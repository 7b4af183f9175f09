package cairn.index;

import cairn.format.DamagedException;
import cairn.format.Envelope;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.SignatureChecker;
import cairn.format.Signer;
import cairn.hash.Blake3;
import cairn.store.StoredReader;
import java.io.IOException;
import java.util.Arrays;

/** Checks index files to the last byte. */
public final class IndexCheck {
    private static final int PIECE = 1 << 20;

    private IndexCheck() {}

    /**
     * Reads every byte of a file and checks its hash, name and signature, the order of its entries, the fan-out and the
     * filter. Whether the signer is to be believed is for the caller to decide.
     *
     * @param checker null to leave the signature unchecked
     * @throws DamagedException naming the file and what is wrong
     */
    public static void check(IndexReader file, SignatureChecker checker) throws IOException {
        checkHash(file, checker);
        checkEntries(file);
    }

    /** Checks hash, name and signature alone: what a reader must do before it believes what the file says. */
    public static void checkHash(IndexReader file, SignatureChecker checker) throws IOException {
        StoredReader storage = file.storage();
        long end = file.size() - file.header().footer();
        Blake3 hasher = Blake3.hasher();
        byte[] buffer = new byte[(int) Math.min(PIECE, end)];
        for (long at = 0; at < end; at += buffer.length) {
            int length = (int) Math.min(buffer.length, end - at);
            storage.read(file.name(), at, buffer, 0, length);
            hasher.update(buffer, 0, length);
        }
        byte[] footer = new byte[file.header().footer()];
        storage.read(file.name(), end, footer, 0, footer.length);
        Hash hash = Hash.of(hasher.digest());
        if (!hash.equals(Hash.read(footer, 0))) {
            throw new DamagedException(file.name(), "does not have the hash that it ends with (cut off or altered)");
        }
        if (!hash.equals(file.hash())) {
            throw new DamagedException(file.name(), "does not have the hash that it is named by");
        }
        if (checker != null && file.header().signed()) {
            byte[] key = Arrays.copyOfRange(footer, Envelope.FOOTER, Envelope.FOOTER + Signer.PUBLIC_KEY_BYTES);
            byte[] signature = Arrays.copyOfRange(footer, Envelope.FOOTER + Signer.PUBLIC_KEY_BYTES, footer.length);
            if (!checker.verify(key, Envelope.message(Kind.INDEX, file.header().repository(), hash), signature)) {
                throw new DamagedException(file.name(), "carries a signature that is not right");
            }
        }
    }

    private static void checkEntries(IndexReader file) throws IOException {
        IndexFile.Tail tail = file.tail();
        int[] fanout = file.fanout();
        int[] counts = new int[fanout.length];
        byte[] filter = new byte[tail.filterLength()];
        IndexCursor cursor = file.cursor();
        while (cursor.next()) {
            int bucket = IndexFile.bucket(cursor.a(), tail.bits());
            counts[bucket]++;
            if (filter.length > 0) {
                IndexFile.mark(filter, bucket * IndexFile.FILTER_BLOCK, cursor.d());
            }
        }
        int sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += counts[i];
            if (sum != fanout[i]) {
                throw new DamagedException(file.name(), "has a fan-out that does not fit its entries");
            }
        }
        if (!Arrays.equals(filter, file.readFilter())) {
            throw new DamagedException(file.name(), "has a filter that does not fit its entries");
        }
    }
}
