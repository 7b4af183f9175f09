package cairn.repo;

import cairn.format.BlobId;
import cairn.index.SessionIndex;
import cairn.pack.PackFormat.BlobEntry;
import java.util.List;

/** The blobs of a pack that was just written, as the index takes them. */
public record PackBlobs(List<BlobEntry> entries) implements SessionIndex.Blobs {
    @Override
    public int count() {
        return entries.size();
    }

    @Override
    public BlobId id(int blob) {
        return entries.get(blob).id();
    }

    @Override
    public int offset(int blob) {
        return entries.get(blob).offset();
    }

    @Override
    public int stored(int blob) {
        return entries.get(blob).stored();
    }

    @Override
    public int plain(int blob) {
        return entries.get(blob).plain();
    }
}
