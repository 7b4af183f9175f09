package cairn.remote;

import cairn.format.BlobId;
import java.io.IOException;
import java.util.List;

/** Answers where blobs are, as far as whoever asks may know it. For any number of threads. */
public interface Questions {
    /** The copies of a blob that may be told; empty if there is none. */
    List<Places.Place> find(BlobId id) throws IOException;
}
