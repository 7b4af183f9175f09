package cairn.store;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawString;
import cairn.store.Folder.Entry;
import cairn.store.Folder.OpenFile;
import cairn.store.FolderException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A repository in a folder of this machine, whatever file system is below it. Files have mode 0600, folders 0700.
 *
 * <p>A file begins as {@code FOLDER/.tmp-RANDOM}, where FOLDER is the first segment of its name: hidden from listings
 * and on the same file system. {@link Publisher} gives it its name. What a killed writer leaves is found by
 * {@link #tidy()}.
 */
public final class LocalFolder implements Storage {
    /** Names of unfinished files start so. */
    static final String TEMPORARY = ".tmp-";

    private static final Duration LEFTOVER_AGE = Duration.ofDays(1);
    private static final int OPEN_FILES = 64;

    private final Folder folder;
    private final String location;
    private final OpenFiles open;
    private final Publisher publisher;

    LocalFolder(Folder folder, String location) {
        this.folder = folder;
        this.location = location;
        open = new OpenFiles(folder, OPEN_FILES);
        publisher = new Publisher(folder, location);
    }

    /**
     * Opens a folder that is there; never makes one, because the disk that should be mounted there may be missing.
     *
     * @param path raw bytes, as given on the command line
     * @throws CairnException with {@link ExitCode#NO_REPOSITORY} if there is no such folder
     */
    public static LocalFolder open(byte[] path) throws IOException {
        String location = RawString.printable(path);
        try {
            return new LocalFolder(PosixFolder.open(path), location);
        } catch (FolderException e) {
            if (e.kind() == Kind.MISSING) {
                throw noRepository(location, e);
            }
            throw failed("open", "", location, e);
        }
    }

    /** Opens a folder by {@link RawString} text. */
    public static LocalFolder open(String path) throws IOException {
        return open(RawString.encode(path));
    }

    /**
     * Makes the folder for a new repository, with the folders above it; an empty one that is there is taken as it is
     * ({@code lost+found} of a fresh file system does not count).
     *
     * @param path raw bytes, as given on the command line
     * @throws CairnException if there is something in it
     */
    public static LocalFolder create(byte[] path) throws IOException {
        String location = RawString.printable(path);
        List<String> there = new ArrayList<>();
        LocalFolder made;
        try {
            PosixFolder.makeAll(path);
            made = open(path);
            made.folder.list("", name -> {
                if (!name.equals("lost+found")) {
                    there.add(name);
                }
            });
        } catch (FolderException e) {
            throw failed("make", "", location, e);
        }
        if (!there.isEmpty()) {
            made.close();
            throw new StorageException(
                    "cannot make a repository in '" + location + "': there is something in it already ('"
                            + there.getFirst() + "')",
                    "choose a new or an empty folder",
                    null);
        }
        return made;
    }

    /** Makes a folder by {@link RawString} text. */
    public static LocalFolder create(String path) throws IOException {
        return create(RawString.encode(path));
    }

    private static CairnException noRepository(String location, FolderException cause) {
        return new CairnException(
                ExitCode.NO_REPOSITORY,
                "no such repository: '" + location + "': " + cause.getMessage(),
                "is the disk mounted? 'cairn init' makes a new repository",
                cause);
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public void list(String below, Consumer<StoredFile> each) throws IOException {
        StoredName.checkFolder(below);
        try {
            listInto(below.isEmpty() ? "" : below.substring(0, below.length() - 1), each);
        } catch (FolderException e) {
            throw failed("list", below, location, e);
        }
    }

    private void listInto(String directory, Consumer<StoredFile> each) throws IOException {
        List<String> names = new ArrayList<>();
        try {
            folder.list(directory, names::add);
        } catch (FolderException e) {
            if (e.kind() == Kind.MISSING && !directory.isEmpty()) {
                return;
            }
            throw e;
        }
        String prefix = directory.isEmpty() ? "" : directory + "/";
        for (String segment : names) {
            String name = prefix + segment;
            if (!StoredName.isValid(name)) {
                continue;
            }
            Entry entry;
            try {
                entry = folder.stat(name);
            } catch (FolderException e) {
                if (e.kind() == Kind.MISSING) {
                    continue;
                }
                throw e;
            }
            if (entry.isFolder()) {
                listInto(name, each);
            } else if (entry.isFile()) {
                each.accept(stored(name, entry));
            }
        }
    }

    private static StoredFile stored(String name, Entry entry) {
        return new StoredFile(
                name, entry.size(), Instant.ofEpochSecond(entry.modifiedSeconds(), entry.modifiedNanos()));
    }

    @Override
    public Optional<StoredFile> stat(String name) throws IOException {
        StoredName.check(name);
        try {
            Entry entry = folder.stat(name);
            return entry.isFile() ? Optional.of(stored(name, entry)) : Optional.empty();
        } catch (FolderException e) {
            if (e.kind() == Kind.MISSING) {
                return Optional.empty();
            }
            throw failed("look at", name, location, e);
        }
    }

    @Override
    public void read(String name, long offset, byte[] buffer, int start, int length) throws IOException {
        StoredName.check(name);
        Objects.checkFromIndexSize(start, length, buffer.length);
        try (OpenFiles.Lease lease = open.lease(name)) {
            int got = lease.file().read(offset, buffer, start, length);
            if (got < length) {
                throw new TruncatedException(location, name, offset + length, lease.file().size());
            }
        } catch (FolderException e) {
            throw readFailed(name, e);
        }
    }

    @Override
    public byte[] readAll(String name, int limit) throws IOException {
        StoredName.check(name);
        try (OpenFile file = folder.open(name)) {
            long size = file.size();
            if (size > limit) {
                throw new OversizeException(location, name, size, limit);
            }
            byte[] content = new byte[(int) size];
            int got = file.read(0, content, 0, content.length);
            if (got < content.length) {
                throw new TruncatedException(location, name, content.length, got);
            }
            return content;
        } catch (FolderException e) {
            throw readFailed(name, e);
        }
    }

    private IOException readFailed(String name, FolderException e) {
        return switch (e.kind()) {
            case MISSING -> new NotStoredException(location, name);
            // as good as altered: other files may still be whole
            case BROKEN -> new StorageException(
                    ExitCode.DAMAGED,
                    "cannot read '" + name + "' in '" + location + "': " + e.getMessage(),
                    "look at the kernel's log: the disk or its connection is failing; then run 'cairn verify'",
                    e);
            default -> failed("read", name, location, e);
        };
    }

    @Override
    public void write(String name, byte[] content, int start, int length) throws IOException {
        StoredName.check(name);
        try (StoredWriter writer = publisher.begin(topOf(name))) {
            writer.write(content, start, length);
            writer.publish(name);
        }
    }

    @Override
    public StoredWriter begin(String below) throws IOException {
        StoredName.checkFolder(below);
        return publisher.begin(topOf(below));
    }

    /** The first segment of a name in a folder, or "". */
    private static String topOf(String name) {
        int slash = name.indexOf('/');
        return slash < 0 ? "" : name.substring(0, slash);
    }

    @Override
    public void delete(String name) throws IOException {
        StoredName.check(name);
        open.forget(name);
        try {
            if (!folder.stat(name).isFile()) {
                throw new NotStoredException(location, name);
            }
            folder.unlink(name);
        } catch (FolderException e) {
            throw e.kind() == Kind.MISSING ? new NotStoredException(location, name) : failed("delete", name, location, e);
        }
    }

    @Override
    public boolean listsLate() {
        return folder.isShared();
    }

    @Override
    public Instant now() throws IOException {
        try {
            return publisher.now();
        } catch (FolderException e) {
            throw failed("write to", "", location, e);
        }
    }

    @Override
    public int tidy() throws IOException {
        try {
            List<String> leftovers = new ArrayList<>();
            List<String> tops = new ArrayList<>();
            tops.add("");
            folder.list("", name -> {
                if (StoredName.isValid(name)) {
                    tops.add(name);
                }
            });
            for (String top : tops) {
                try {
                    folder.list(top, name -> {
                        if (name.startsWith(TEMPORARY)) {
                            leftovers.add(top.isEmpty() ? name : top + "/" + name);
                        }
                    });
                } catch (FolderException e) {
                    if (e.kind() != Kind.MISSING) { // also what is a file
                        throw e;
                    }
                }
            }
            if (leftovers.isEmpty()) {
                return 0;
            }
            return removeOlder(leftovers, publisher.now().minus(LEFTOVER_AGE));
        } catch (FolderException e) {
            throw failed("remove unfinished files from", "", location, e);
        }
    }

    private int removeOlder(List<String> leftovers, Instant before) throws IOException {
        int removed = 0;
        for (String name : leftovers) {
            try {
                if (stored(name, folder.stat(name)).modified().isBefore(before)) {
                    folder.unlink(name);
                    removed++;
                }
            } catch (FolderException e) {
                if (e.kind() != Kind.MISSING) {
                    throw e;
                }
            }
        }
        return removed;
    }

    @Override
    public void close() throws IOException {
        open.close();
        folder.close();
    }

    /** The error for a call that failed, with what to do about it. */
    static CairnException failed(String action, String name, String location, FolderException e) {
        String what = "cannot " + action + " '" + (name.isEmpty() ? location : name + "' in '" + location) + "': ";
        return switch (e.kind()) {
            case FULL -> new StorageException(
                    what + "no space left on the disk",
                    "nothing that was stored is lost; make room and run it again", e);
            case QUOTA -> new StorageException(
                    what + "the disk quota is used up",
                    "nothing that was stored is lost; raise the quota or make room, and run it again", e);
            case READ_ONLY -> new StorageException(
                    what + "the file system is mounted read-only", "mount it for writing, and check its disk if nobody mounted it so", e);
            case DENIED -> new StorageException(
                    what + "permission denied", "run it as the owner of the repository", e);
            case BROKEN -> new StorageException(
                    what + e.getMessage(), "look at the kernel's log: the disk or its connection is failing", e);
            default -> new StorageException(what + e.getMessage(), null, e);
        };
    }
}
