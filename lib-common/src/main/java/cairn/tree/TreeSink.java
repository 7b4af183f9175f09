package cairn.tree;

import cairn.format.BlobId;
import cairn.format.BlobKind;
import java.io.IOException;
import java.util.List;

/** Takes the pieces of trees. */
@FunctionalInterface
public interface TreeSink {
    /**
     * Stores a piece unless it is there already.
     *
     * @param refs the ids that the payload names by number, in clear
     * @param payload valid from 0 to {@code length}, only during the call
     */
    BlobId put(BlobKind kind, List<BlobId> refs, byte[] payload, int length) throws IOException;
}
