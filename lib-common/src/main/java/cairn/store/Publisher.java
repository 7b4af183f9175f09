package cairn.store;

import cairn.store.Folder.Entry;
import cairn.store.Folder.OpenFile;
import cairn.store.FolderException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Durability of a {@link LocalFolder} in one place. A file is written under a temporary name, its length checked, its
 * content made durable ({@code fsync}), and then it gets its name in the first of these ways that the file system has:
 *
 * <ol>
 * <li>{@code renameat2} with {@code RENAME_NOREPLACE}: one step (ext4, XFS, btrfs, vfat, most of FUSE);
 * <li>{@code link} and {@code unlink} of the temporary name (NFS);
 * <li>a look whether the name is free and {@code rename}, while holding a claim: a temporary file made from the name
 *     by {@code O_EXCL}, so that no two writers are between look and rename at the same time.
 * </ol>
 *
 * Last the folder is made durable, and before it the folder above if the folder is new. Of the writers waiting for
 * one folder, one calls {@code fsync} for all.
 */
final class Publisher {
    private static final String CLAIM = LocalFolder.TEMPORARY + "claim-";

    private final Folder folder;
    private final String location;
    private final Set<String> knownFolders = ConcurrentHashMap.newKeySet();
    private final Map<String, FolderSync> syncs = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();
    private volatile boolean canRenameToNew = true;
    private volatile boolean canLink = true;

    Publisher(Folder folder, String location) {
        this.folder = folder;
        this.location = location;
    }

    /** Begins a file that will be published somewhere below {@code top}, a folder without slash or "". */
    StoredWriter begin(String top) throws IOException {
        try {
            String name = temporaryIn(top);
            return new Writer(top, name, createIn(top, name));
        } catch (FolderException e) {
            throw LocalFolder.failed("write to", top, location, e);
        }
    }

    private String temporaryIn(String top) {
        byte[] some = new byte[12];
        random.nextBytes(some);
        return (top.isEmpty() ? "" : top + "/") + LocalFolder.TEMPORARY + HexFormat.of().formatHex(some);
    }

    private OpenFile createIn(String parent, String name) throws IOException {
        makeFolders(parent);
        try {
            return folder.create(name);
        } catch (FolderException e) {
            if (e.kind() != Kind.MISSING || parent.isEmpty()) {
                throw e;
            }
            knownFolders.clear(); // somebody removed the empty folder
            makeFolders(parent);
            return folder.create(name);
        }
    }

    /** The time that a file gets that is written now. */
    Instant now() throws IOException {
        String name = temporaryIn("");
        try (OpenFile probe = folder.create(name)) {
            probe.write(new byte[1], 0, 1);
            Entry entry = folder.stat(name);
            return Instant.ofEpochSecond(entry.modifiedSeconds(), entry.modifiedNanos());
        } finally {
            drop(name);
        }
    }

    private void makeFolders(String name) throws IOException {
        if (name.isEmpty() || knownFolders.contains(name)) {
            return;
        }
        String parent = parentOf(name);
        makeFolders(parent);
        try {
            folder.makeFolder(name);
        } catch (FolderException e) {
            if (e.kind() != Kind.EXISTS) {
                throw e;
            }
        }
        // also if it existed: whoever made it may not have come to this yet
        sync(parent);
        knownFolders.add(name);
    }

    private static String parentOf(String name) {
        int slash = name.lastIndexOf('/');
        return slash < 0 ? "" : name.substring(0, slash);
    }

    private void sync(String directory) throws IOException {
        syncs.computeIfAbsent(directory, FolderSync::new).sync(folder);
    }

    private void drop(String temporary) {
        try {
            folder.unlink(temporary);
        } catch (IOException e) {
            // it is hidden, and tidy() finds it
        }
    }

    /** Gives {@code temporary} the name {@code to}, which is not there afterwards under its old name. */
    private void moveToNew(String temporary, String to) throws IOException {
        if (canRenameToNew) {
            try {
                folder.renameToNew(temporary, to);
                return;
            } catch (FolderException e) {
                if (e.kind() != Kind.UNSUPPORTED) {
                    throw e;
                }
                canRenameToNew = false;
            }
        }
        if (canLink) {
            try {
                link(temporary, to);
                drop(temporary);
                return;
            } catch (FolderException e) {
                if (e.kind() != Kind.UNSUPPORTED) {
                    throw e;
                }
                canLink = false;
            }
        }
        renameWithClaim(temporary, to);
    }

    private void link(String temporary, String to) throws IOException {
        try {
            folder.link(temporary, to);
        } catch (FolderException e) {
            // NFS repeats a request whose answer was lost, and then finds its own work
            if (e.kind() != Kind.EXISTS || folder.stat(temporary).links() != 2) {
                throw e;
            }
        }
    }

    private void renameWithClaim(String temporary, String to) throws IOException {
        String parent = parentOf(temporary);
        String claim = (parent.isEmpty() ? "" : parent + "/") + CLAIM
                + UUID.nameUUIDFromBytes(to.getBytes(StandardCharsets.US_ASCII));
        try {
            folder.create(claim).close();
        } catch (FolderException e) {
            throw e.kind() != Kind.EXISTS
                    ? e
                    : new FolderException(Kind.OTHER, "another writer is just storing it; try again, or in a day if that one was killed", e);
        }
        try {
            folder.stat(to);
            throw new FolderException(Kind.EXISTS, "file exists", null);
        } catch (FolderException e) {
            if (e.kind() != Kind.MISSING) {
                throw e;
            }
            folder.rename(temporary, to);
        } finally {
            drop(claim);
        }
    }

    private void publish(String temporary, String to) throws IOException {
        String parent = parentOf(to);
        makeFolders(parent);
        try {
            moveToNew(temporary, to);
        } catch (FolderException e) {
            if (e.kind() == Kind.EXISTS) {
                sync(parent); // the one that is there may be of a writer that has not come to this yet
                throw e;
            }
            if (e.kind() != Kind.MISSING) {
                throw e;
            }
            knownFolders.clear();
            makeFolders(parent);
            moveToNew(temporary, to);
        }
        try {
            sync(parent);
        } catch (FolderException e) {
            drop(to); // visible, but perhaps not for long: the caller must not find it when it tries again
            throw e;
        }
    }

    private final class Writer implements StoredWriter {
        private final String top;
        private final String temporary;
        private final OpenFile file;
        private long length;
        private boolean open = true;
        private boolean gone;

        Writer(String top, String temporary, OpenFile file) {
            this.top = top;
            this.temporary = temporary;
            this.file = file;
        }

        @Override
        public void write(byte[] bytes, int start, int count) throws IOException {
            if (!open) {
                throw new IllegalStateException("closed");
            }
            try {
                file.write(bytes, start, count);
                length += count;
            } catch (FolderException e) {
                close();
                throw LocalFolder.failed("write to", top, location, e);
            }
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public void publish(String name) throws IOException {
            StoredName.check(name);
            if (!open) {
                throw new IllegalStateException("closed");
            }
            if (!(top.isEmpty() || name.startsWith(top + "/"))) {
                throw new IllegalArgumentException("'" + name + "' is not below '" + top + "'");
            }
            try {
                long size = file.size();
                if (size != length) {
                    throw new FolderException(
                            Kind.OTHER, "the file system kept " + size + " of " + length + " bytes", null);
                }
                file.sync();
                open = false;
                file.close();
                Publisher.this.publish(temporary, name);
                gone = true;
            } catch (FolderException e) {
                throw e.kind() == Kind.EXISTS
                        ? new AlreadyStoredException(location, name)
                        : LocalFolder.failed("write", name, location, e);
            } finally {
                close();
            }
        }

        @Override
        public void close() throws IOException {
            try {
                if (open) {
                    open = false;
                    file.close();
                }
            } finally {
                if (!gone) {
                    gone = true;
                    drop(temporary);
                }
            }
        }
    }
}
