package cairn.store;

import cairn.store.FolderException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** {@link Folder} by {@code java.nio.file}. */
final class NioFolder implements Folder {
    /** The JDK copies through a buffer of its own as large as the request: keep requests small. */
    private static final int PIECE = 256 << 10;

    private static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path root;

    NioFolder(Path root) {
        this.root = root;
    }

    /** Makes a directory and those above it, each durable. */
    static void makeAll(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        if (Files.isDirectory(absolute)) {
            return;
        }
        Path above = absolute.getParent();
        if (above != null) {
            makeAll(above);
            NioFolder parent = new NioFolder(above);
            try {
                parent.makeFolder(absolute.getFileName().toString());
                parent.sync("");
            } catch (FolderException e) {
                if (e.kind() != Kind.EXISTS) {
                    throw LocalFolder.failed("make", "", directory.toString(), e);
                }
            }
        }
    }

    private interface Call<T> {
        T run() throws IOException;
    }

    private static <T> T call(Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (UnsupportedOperationException e) {
            throw new FolderException(Kind.UNSUPPORTED, "not supported", e);
        } catch (NoSuchFileException | NotDirectoryException e) {
            throw new FolderException(Kind.MISSING, "no such file or directory", e);
        } catch (FileAlreadyExistsException e) {
            throw new FolderException(Kind.EXISTS, "file exists", e);
        } catch (AccessDeniedException e) {
            throw new FolderException(Kind.DENIED, "permission denied", e);
        } catch (IOException e) {
            String reason = e instanceof FileSystemException f && f.getReason() != null
                    ? f.getReason()
                    : String.valueOf(e.getMessage());
            Kind kind = switch (reason) {
                case "No space left on device" -> Kind.FULL;
                case "Disk quota exceeded" -> Kind.QUOTA;
                case "Read-only file system" -> Kind.READ_ONLY;
                case "Not a directory" -> Kind.MISSING;
                case "Operation not permitted" -> Kind.DENIED;
                case "Operation not supported", "Function not implemented", "Too many links" -> Kind.UNSUPPORTED;
                default -> Kind.OTHER;
            };
            throw new FolderException(kind, reason.toLowerCase(java.util.Locale.ROOT), e);
        }
    }

    private Path path(String name) {
        return name.isEmpty() ? root : root.resolve(name);
    }

    @Override
    public OpenFile open(String name) throws IOException {
        return new NioFile(call(() -> FileChannel.open(path(name), StandardOpenOption.READ)));
    }

    @Override
    public OpenFile create(String name) throws IOException {
        return new NioFile(call(() -> FileChannel.open(
                path(name), Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), FILE_MODE)));
    }

    @Override
    public void list(String folder, EachEntry each) throws IOException {
        call(() -> {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path(folder))) {
                for (Path entry : entries) {
                    each.entry(entry.getFileName().toString());
                }
                return null;
            } catch (java.nio.file.DirectoryIteratorException e) {
                throw e.getCause();
            }
        });
    }

    @Override
    public Entry stat(String name) throws IOException {
        Map<String, Object> is = call(() -> Files.readAttributes(path(name), "unix:isRegularFile,isDirectory,size,lastModifiedTime,nlink", new LinkOption[0]));
        Instant modified = ((java.nio.file.attribute.FileTime) is.get("lastModifiedTime")).toInstant();
        return new Entry(
                (Boolean) is.get("isRegularFile"),
                (Boolean) is.get("isDirectory"),
                (Long) is.get("size"),
                modified.getEpochSecond(),
                modified.getNano(),
                (Integer) is.get("nlink"));
    }

    @Override
    public void link(String from, String to) throws IOException {
        try {
            call(() -> Files.createLink(path(to), path(from)));
        } catch (FolderException e) {
            // link(2) says EPERM where the file system has no links
            throw e.kind() == Kind.DENIED ? new FolderException(Kind.UNSUPPORTED, e.getMessage(), e) : e;
        }
    }

    @Override
    public void renameToNew(String from, String to) throws IOException {
        throw new FolderException(Kind.UNSUPPORTED, "renameat2 is not at hand", null);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        call(() -> Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE));
    }

    @Override
    public void unlink(String name) throws IOException {
        call(() -> {
            Files.delete(path(name));
            return null;
        });
    }

    @Override
    public void makeFolder(String name) throws IOException {
        call(() -> Files.createDirectory(path(name), FOLDER_MODE));
    }

    @Override
    public void sync(String folder) throws IOException {
        call(() -> {
            try (FileChannel channel = FileChannel.open(path(folder), StandardOpenOption.READ)) {
                channel.force(true);
            }
            return null;
        });
    }

    @Override
    public void close() {}

    private record NioFile(FileChannel channel) implements OpenFile {
        @Override
        public int read(long offset, byte[] buffer, int start, int length) throws IOException {
            return call(() -> {
                int done = 0;
                while (done < length) {
                    int n = channel.read(
                            ByteBuffer.wrap(buffer, start + done, Math.min(PIECE, length - done)), offset + done);
                    if (n < 0) {
                        break;
                    }
                    done += n;
                }
                return done;
            });
        }

        @Override
        public void write(byte[] bytes, int start, int length) throws IOException {
            call(() -> {
                int done = 0;
                while (done < length) {
                    done += channel.write(ByteBuffer.wrap(bytes, start + done, Math.min(PIECE, length - done)));
                }
                return null;
            });
        }

        @Override
        public long size() throws IOException {
            return call(channel::size);
        }

        @Override
        public void sync() throws IOException {
            call(() -> {
                channel.force(true);
                return null;
            });
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
