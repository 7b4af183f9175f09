package cairn.format;

import cairn.hash.Blake3;
import cairn.store.StoredFile;
import cairn.store.StoredReader;
import java.io.IOException;
import java.util.Arrays;

/**
 * What a header says that is not of this version or does not belong here is believed only of a file that is whole: one
 * bit that turned makes any of that. Readers of parts of a file ask here when a header surprised them.
 */
public final class Whole {
    private static final int PIECE = 1 << 20;

    private Whole() {
    }

    /** Throws what was found, if the file has the hash that it ends with, signed or not; else that it is damaged. */
    public static IOException believed(IOException found, StoredReader storage, StoredFile file) throws IOException {
        for (int footer : new int[] {Envelope.SIGNED_FOOTER, Envelope.FOOTER}) {
            if (endsWithHash(storage, file, file.size() - footer)) {
                return found;
            }
        }
        return new DamagedException(file.name(), "does not have the hash that it ends with (cut off or altered)");
    }

    private static boolean endsWithHash(StoredReader storage, StoredFile file, long end) throws IOException {
        if (end < Envelope.HEADER) {
            return false;
        }
        Blake3 hasher = Blake3.hasher();
        byte[] buffer = new byte[(int) Math.min(PIECE, end)];
        for (long at = 0; at < end; at += buffer.length) {
            int length = (int) Math.min(buffer.length, end - at);
            storage.read(file.name(), at, buffer, 0, length);
            hasher.update(buffer, 0, length);
        }
        byte[] hash = new byte[Hash.BYTES];
        storage.read(file.name(), end, hash, 0, hash.length);
        return Arrays.equals(hasher.digest(), hash);
    }
}
