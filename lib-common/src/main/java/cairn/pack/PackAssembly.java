package cairn.pack;

import cairn.format.BlobId;
import cairn.format.ByteWriter;
import cairn.format.Envelope;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.format.Signer;
import cairn.hash.Blake3;
import cairn.pack.PackFormat.BlobEntry;
import cairn.store.Storage;
import cairn.store.StoredWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Writes the frames of a pack, in the order of their nonces, with all that stands around them. */
final class PackAssembly {
    private PackAssembly() {
    }

    /** A frame that waits in memory. @param start where it stands in the buffer */
    record Placed(BlobId id, int nonce, int start, int stored, int plain) {
    }

    static PackBuilder.Written write(Storage storage, RepositoryId repository, PackKind kind, List<Section> sections, List<Placed> blobs,
            ByteWriter frames, Signer signer) throws IOException {
        List<Placed> ordered = new ArrayList<>(blobs);
        ordered.sort(Comparator.comparingLong(blob -> blob.nonce() & 0xFFFFFFFFL));
        ByteWriter head = new ByteWriter(256);
        PackFormat.putHead(head, repository, kind, sections);
        ByteWriter directory = new ByteWriter(blobs.size() * PackFormat.ENTRY + 4);
        List<BlobEntry> entries = new ArrayList<>(blobs.size());
        try (StoredWriter out = storage.begin(Kind.PACK.folder() + "/")) {
            Gatherer body = new Gatherer(out);
            body.write(head.array(), 0, head.size());
            int offset = head.size();
            for (Placed blob : ordered) {
                body.write(frames.array(), blob.start(), blob.stored());
                entries.add(new BlobEntry(blob.id(), offset, blob.stored(), blob.plain()));
                directory.id(blob.id()).u32(offset).u32(blob.stored()).u32(blob.plain());
                offset = Math.addExact(offset, blob.stored());
            }
            directory.u32(blobs.size());
            body.write(directory.array(), 0, directory.size());
            Hash hash = body.finish();
            byte[] footer = Envelope.footer(Kind.PACK, repository, hash, signer);
            out.write(footer, 0, footer.length);
            long bytes = out.length();
            out.publish(PackFormat.name(hash));
            return new PackBuilder.Written(hash, kind, bytes, entries);
        }
    }

    /** Joins frames before they are hashed and written: one by one, small frames cost twice the hashing and a system call each. */
    private static final class Gatherer {
        private final StoredWriter out;
        private final Blake3 hasher = Blake3.hasher();
        private final byte[] buffer = new byte[256 << 10];
        private int size;

        Gatherer(StoredWriter out) {
            this.out = out;
        }

        void write(byte[] bytes, int offset, int length) throws IOException {
            while (length > 0) {
                int fits = Math.min(length, buffer.length - size);
                System.arraycopy(bytes, offset, buffer, size, fits);
                size += fits;
                offset += fits;
                length -= fits;
                if (size == buffer.length) {
                    flush();
                }
            }
        }

        private void flush() throws IOException {
            hasher.update(buffer, 0, size);
            out.write(buffer, 0, size);
            size = 0;
        }

        Hash finish() throws IOException {
            flush();
            return Hash.of(hasher.digest());
        }
    }
}
