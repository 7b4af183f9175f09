package cairn.tree;

import cairn.format.BlobId;
import java.util.List;

/** Where the bytes of a file are. */
public sealed interface Content {
    /** At most 512 bytes stand in the entry itself; also the empty file. */
    record Inline(byte[] bytes) implements Content {
    }

    /** A short list of items stands in the entry. */
    record Listed(List<Item> items) implements Content {
    }

    /** A long list of items is a tree of pieces; this is the id of its root. */
    record Pieces(BlobId root) implements Content {
    }
}
