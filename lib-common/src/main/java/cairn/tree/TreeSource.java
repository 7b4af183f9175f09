package cairn.tree;

import cairn.format.BlobId;
import cairn.format.BlobKind;
import java.io.IOException;
import java.util.List;

/** Gives the pieces of trees back. */
@FunctionalInterface
public interface TreeSource {
    /** A piece as it was put. */
    record Piece(BlobId id, List<BlobId> refs, byte[] payload) {
    }

    Piece get(BlobKind kind, BlobId id) throws IOException;
}
