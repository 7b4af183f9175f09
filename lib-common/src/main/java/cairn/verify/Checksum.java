package cairn.verify;

import cairn.format.DamagedException;
import cairn.format.Envelope;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.hash.Blake3;
import cairn.repo.Repository;
import cairn.store.StoredFile;
import java.io.IOException;
import java.util.Arrays;

/** Reads a file of any size through and compares its hash with its footer and its name. */
final class Checksum {
    private static final int STEP = 1 << 20;

    private Checksum() {
    }

    static void check(Repository repository, StoredFile file, VerifyCounts counts) throws IOException {
        byte[] buffer = new byte[(int) Math.min(STEP, file.size())];
        byte[] head = new byte[(int) Math.min(Envelope.HEADER, file.size())];
        repository.storage().read(file.name(), 0, head, 0, head.length);
        Envelope.Header header = Envelope.readHeader(head, 0, head.length, Kind.INDEX, repository.id(), file.name());
        long end = file.size() - header.footer();
        if (end < Envelope.HEADER) {
            throw new DamagedException(file.name(), "is cut off after " + file.size() + " bytes");
        }
        Blake3 hasher = Blake3.hasher();
        for (long at = 0; at < end;) {
            int n = (int) Math.min(buffer.length, end - at);
            repository.storage().read(file.name(), at, buffer, 0, n);
            hasher.update(buffer, 0, n);
            at += n;
        }
        byte[] footer = new byte[header.footer()];
        repository.storage().read(file.name(), end, footer, 0, footer.length);
        counts.bytesRead.add(file.size());
        Hash hash = Hash.of(hasher.digest());
        if (!hash.equals(Hash.read(footer, 0)) || !file.name().endsWith(hash.hex())) {
            throw new DamagedException(file.name(), "does not have the hash that it ends with and is named by");
        }
        if (header.signed()) {
            byte[] signer = Arrays.copyOfRange(footer, Envelope.FOOTER, Envelope.FOOTER + 32);
            byte[] signature = Arrays.copyOfRange(footer, footer.length - 64, footer.length);
            if (!repository.checker().verify(signer, Envelope.message(Kind.INDEX, repository.id(), hash), signature)) {
                throw new DamagedException(file.name(), "carries a signature that is not right");
            }
        }
    }
}
