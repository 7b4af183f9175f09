package cairn.restore;

import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.pack.BlobHasher;
import cairn.tree.TreeReader;
import java.io.IOException;

/** Where the content comes from: an opened repository. For any number of threads. */
public interface RestoreSource {
    /** Where a copy of a blob lies. @param stored bytes of the frame */
    record Place(Hash pack, int offset, int stored) {
    }

    /** Opens blobs, for one thread. */
    interface Reader extends AutoCloseable {
        /** Opens a frame that lies in a buffer and checks it; returns the length of {@link #payload()}. */
        int open(Hash pack, byte[] buffer, int offset, int length, BlobId id) throws IOException;

        /** Reads and opens a blob from whichever copy is good; returns the length of {@link #payload()}. */
        int read(BlobId id) throws IOException;

        /** The bytes of the blob that was opened last, from 0 on. */
        byte[] payload();

        @Override
        void close();
    }

    TreeReader trees();

    /** The best copy of a blob, or null if there is none. */
    Place locate(BlobId id) throws IOException;

    /** Whether it pays to tell early what will be read. */
    default boolean isFar() {
        return false;
    }

    /** Says that a stretch of a pack will be read. */
    default void expect(Hash pack, long offset, int length) {
    }

    /** Reads a stretch of a pack. */
    void read(Hash pack, long offset, byte[] buffer, int start, int length) throws IOException;

    Reader newReader();

    /** Names the content of data blobs, for one thread. */
    BlobHasher newHasher();
}
