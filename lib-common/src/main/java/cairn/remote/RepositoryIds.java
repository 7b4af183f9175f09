package cairn.remote;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.Envelope;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.store.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds out which repository a storage holds, from whatever file of it is left. */
public final class RepositoryIds {
    private RepositoryIds() {
    }

    public static RepositoryId of(Storage storage) throws IOException {
        IOException first = null;
        for (Kind kind : Kind.values()) {
            List<String> names = new ArrayList<>();
            storage.list(kind.folder() + "/", file -> {
                if (names.size() < 10) {
                    names.add(file.name());
                }
            });
            for (String name : names) {
                try {
                    byte[] header = new byte[Envelope.HEADER];
                    storage.read(name, 0, header, 0, header.length);
                    return Envelope.readHeader(header, 0, header.length, kind, null, name).repository();
                } catch (IOException e) {
                    first = first == null ? e : first;
                }
            }
        }
        throw first != null ? first : new CairnException(ExitCode.NO_REPOSITORY, "no file of a repository is in '" + storage.location() + "'", null);
    }
}
