package cairn.tree;

import cairn.format.BlobId;

/** A stretch of a file's content, in order of its offsets. */
public sealed interface Item {
    /** Bytes of the file that it covers, at least 1. */
    long length();

    /** Bytes {@code [offset, offset + length)} of a blob. {@code whole} tells that these are all bytes of the blob. */
    record Data(BlobId blob, int offset, int dataLength, boolean whole) implements Item {
        @Override
        public long length() {
            return dataLength;
        }
    }

    /** A hole: nothing is allocated, it reads as zeros (lseek(2), SEEK_HOLE). */
    record Hole(long length) implements Item {
    }
}
