package cairn.remote;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.store.Storage;
import cairn.store.StoredFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Listings of a folder that others write to and delete from. */
final class Listings {
    private static final int TRIES = 100;

    private Listings() {
    }

    static List<StoredFile> once(Storage storage, String folder) throws IOException {
        List<StoredFile> files = new ArrayList<>();
        storage.list(folder, files::add);
        return files;
    }

    /**
     * A listing that was the same twice in a row. While one runs, others may publish a file in the part that has passed
     * and then delete another in the part that is to come: it would show neither, but so would not the one before.
     */
    static List<StoredFile> settled(Storage storage, String folder) throws IOException {
        Set<String> before = null;
        for (int i = 0; i < TRIES; i++) {
            List<StoredFile> files = once(storage, folder);
            Set<String> names = new HashSet<>();
            files.forEach(file -> names.add(file.name()));
            if (names.equals(before)) {
                return files;
            }
            before = names;
        }
        throw new CairnException(ExitCode.OTHERS_WRITING, "files come and go too fast in '" + folder + "' of '" + storage.location() + "'", "try again");
    }
}
