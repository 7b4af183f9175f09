package cairn.remote;

import cairn.format.RepositoryId;
import cairn.store.LocalFolder;
import cairn.store.Storage;
import cairn.store.StorageConformance;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** A storage at the other end of a pipe is a storage, with a cache on this side. */
class RemoteStorageTest extends StorageConformance {
    private static final RepositoryId REPOSITORY = RepositoryId.read(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, 0);

    @TempDir
    Path folder;

    @TempDir
    Path cache;

    @Override
    protected Storage openEmpty() throws IOException {
        return openAgain();
    }

    @Override
    protected Storage openAgain() throws IOException {
        return RemoteStorage.open(PipeLink.to(LocalFolder.open(folder.toString()), REPOSITORY), cache, 1 << 20);
    }

    @Override
    protected int many() {
        return 2_000;
    }
}
