package cairn.walk.pattern;

import cairn.posix.RawPath;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Sorted paths on disk: length and bytes of each, then -1. The file has no name from the moment it is made, so that
 * nothing is left of it however the process ends.
 */
final class SortedRun implements Closeable, Comparable<SortedRun> {
    private static final int BUFFER = 1 << 16;

    private final FileChannel file;
    private final DataInputStream in;
    private byte[] head;

    private SortedRun(FileChannel file) {
        this.file = file;
        in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(file), BUFFER));
    }

    /** Writes all of a sorted source. */
    static SortedRun write(Path folder, PathSorter.Source source) throws IOException {
        Path name = Files.createTempFile(folder, "cairn-sort-", null);
        FileChannel file = FileChannel.open(name, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            Files.delete(name);
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(file), BUFFER));
            for (byte[] path = source.next(); path != null; path = source.next()) {
                out.writeInt(path.length);
                out.write(path);
            }
            out.writeInt(-1);
            out.flush();
            file.position(0);
            return new SortedRun(file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Goes to the next path; false at the end. */
    boolean advance() throws IOException {
        int length = in.readInt();
        if (length < 0) {
            head = null;
            return false;
        }
        head = new byte[length];
        in.readFully(head);
        return true;
    }

    byte[] head() {
        return head;
    }

    @Override
    public int compareTo(SortedRun other) {
        return RawPath.compareTree(head, other.head);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
