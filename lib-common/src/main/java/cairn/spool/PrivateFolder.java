package cairn.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Makes the folders in which programs of this user keep what nobody else may read: caches, state, temporary files. */
public final class PrivateFolder {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private PrivateFolder() {
    }

    /** Makes a folder and what is missing above it, all for their owner only. One that is there stays as it is. */
    public static Path make(Path folder) throws IOException {
        return Files.createDirectories(folder, OWNER_ONLY);
    }
}
