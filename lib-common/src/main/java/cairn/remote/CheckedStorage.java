package cairn.remote;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.DamagedException;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.store.ForwardingStorage;
import cairn.store.ForwardingWriter;
import cairn.store.Storage;
import cairn.store.StoredName;
import cairn.store.StoredWriter;
import java.io.IOException;

/**
 * A storage that takes no file that is not what its name says: files of a repository only, each of the kind of its folder
 * and of this repository, and those that are named by their content have the hash that they are named by. So nothing that
 * was damaged on its way is ever published.
 */
public final class CheckedStorage extends ForwardingStorage {
    private final RepositoryId repository;

    public CheckedStorage(Storage storage, RepositoryId repository) {
        super(storage);
        this.repository = repository;
    }

    /** The kind of the files of a folder, such as {@code packs/}; null if there is none. */
    static Kind kindOf(String name) {
        for (Kind kind : Kind.values()) {
            if (name.startsWith(kind.folder() + "/")) {
                return kind;
            }
        }
        return null;
    }

    @Override
    public void write(String name, byte[] content, int start, int length) throws IOException {
        writeByBegin(name, content, start, length);
    }

    @Override
    public StoredWriter begin(String folder) throws IOException {
        Kind kind = kindOf(StoredName.checkFolder(folder));
        if (kind == null && !folder.isEmpty()) {
            throw new CairnException(ExitCode.REFUSED, "'" + folder + "' is no folder of a repository", null);
        }
        return new Checking(inner.begin(folder), kind);
    }

    private final class Checking extends ForwardingWriter {
        private final Kind kind;
        private final FileCheck check = new FileCheck();

        Checking(StoredWriter writer, Kind kind) {
            super(writer);
            this.kind = kind;
        }

        @Override
        public void write(byte[] bytes, int start, int length) throws IOException {
            check.update(bytes, start, length);
            super.write(bytes, start, length);
        }

        @Override
        public void publish(String name) throws IOException {
            if (kind != null) {
                // keys and lists have formats of their own
                boolean byContent = kind == Kind.PACK || kind == Kind.INDEX || kind == Kind.RECORD || kind == Kind.MARK;
                if (byContent && Entries.kindOf(name) != kind) {
                    throw new DamagedException(name, "is no name that cairn gives");
                }
                FileCheck.Passed passed = check.end(kind, repository, null, name);
                if (byContent && !passed.hash().equals(Entries.hashOf(name))) {
                    throw new DamagedException(name, "does not have the hash that it is named by");
                }
            }
            super.publish(name);
        }
    }
}
