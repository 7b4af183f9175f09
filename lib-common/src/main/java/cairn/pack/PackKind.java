package cairn.pack;

import cairn.format.BlobKind;
import cairn.format.DamagedException;

/** Data and trees lie in packs of their own, so that a walk of the trees reads nothing else. */
public enum PackKind {
    DATA(1), TREE(2);

    private final int code;

    PackKind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static PackKind of(int code) {
        return code == 1 ? DATA : code == 2 ? TREE : null;
    }

    /** The kind of pack that a blob goes into. */
    public static PackKind forBlob(BlobKind kind) {
        return kind == BlobKind.DATA ? DATA : TREE;
    }

    /** @throws DamagedException if a blob may not stand in a pack of this kind */
    public void require(BlobKind blob, String pack) throws DamagedException {
        if (forBlob(blob) != this) {
            throw new DamagedException(pack, "is a pack of " + (this == DATA ? "data" : "trees") + " and holds a blob of the other kind");
        }
    }
}
