package cairn.cmd.backup;

import cairn.cli.RepositoryAccess;
import cairn.hash.Blake3;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;

/**
 * Tells whether a backup of the same host and name is running on this machine. It blocks nobody: backups may run side
 * by side, and only {@code --skip-if-running} asks. The kernel drops the lock when the process ends, however it ends.
 */
final class RunLock implements AutoCloseable {
    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Null if another process holds it; a lock that holds nothing if there is no place to keep one. */
    static RunLock take(byte[] cache, String host, String name) throws IOException {
        Path folder = RepositoryAccess.scratch(cache);
        if (folder == null) {
            return new RunLock(null);
        }
        byte[] id = (host + "\0" + name).getBytes(StandardCharsets.UTF_8);
        byte[] hash = new byte[32];
        Blake3.hasher().hash(id, 0, id.length, hash, 0);
        Path file = folder.resolve("running-" + HexFormat.of().formatHex(hash, 0, 8));
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            return null;
        }
        return new RunLock(channel);
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
