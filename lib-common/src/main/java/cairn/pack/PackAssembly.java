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
        Blake3 hasher = Blake3.hasher();
        try (StoredWriter out = storage.begin(Kind.PACK.folder() + "/")) {
            write(out, hasher, head.array(), 0, head.size());
            int offset = head.size();
            for (Placed blob : ordered) {
                write(out, hasher, frames.array(), blob.start(), blob.stored());
                entries.add(new BlobEntry(blob.id(), offset, blob.stored(), blob.plain()));
                directory.id(blob.id()).u32(offset).u32(blob.stored()).u32(blob.plain());
                offset = Math.addExact(offset, blob.stored());
            }
            directory.u32(blobs.size());
            write(out, hasher, directory.array(), 0, directory.size());
            Hash hash = Hash.of(hasher.digest());
            byte[] footer = Envelope.footer(Kind.PACK, repository, hash, signer);
            out.write(footer, 0, footer.length);
            long bytes = out.length();
            out.publish(PackFormat.name(hash));
            return new PackBuilder.Written(hash, kind, bytes, entries);
        }
    }

    private static void write(StoredWriter out, Blake3 hasher, byte[] bytes, int offset, int length) throws IOException {
        hasher.update(bytes, offset, length);
        out.write(bytes, offset, length);
    }
}
