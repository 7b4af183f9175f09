package cairn.remote;

import cairn.format.Envelope;
import cairn.pack.PackKind;
import cairn.store.Pending;
import cairn.store.StoredWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes to the other side and into a temporary file here, because what is written will be read. */
final class KeptWriter implements StoredWriter {
    private final StoredWriter far;
    private final Kept kept;
    private final boolean onlyTrees;
    private FileChannel local;

    /** Takes what was published. */
    interface Kept {
        void written(String name, FileChannel content, long size) throws IOException;
    }

    /** @param onlyTrees whether it is a pack, which is kept if it holds trees */
    KeptWriter(StoredWriter far, boolean onlyTrees, Kept kept) {
        this.far = far;
        this.onlyTrees = onlyTrees;
        this.kept = kept;
    }

    private void begin(byte[] head, int start, int length) {
        if (onlyTrees && (length <= Envelope.HEADER || head[start + Envelope.HEADER] != PackKind.TREE.code())) {
            return;
        }
        try {
            Path file = Files.createTempFile("cairn-", ".index");
            local = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            Files.delete(file);
        } catch (IOException e) {
            local = null; // then it is fetched when it is read
        }
    }

    @Override
    public void write(byte[] bytes, int start, int length) throws IOException {
        if (far.length() == 0) {
            begin(bytes, start, length);
        }
        far.write(bytes, start, length);
        if (local != null) {
            for (ByteBuffer left = ByteBuffer.wrap(bytes, start, length); left.hasRemaining();) {
                local.write(left);
            }
        }
    }

    @Override
    public long length() {
        return far.length();
    }

    @Override
    public void publish(String name) throws IOException {
        far.publish(name);
        keep(name);
    }

    @Override
    public Pending publishAfter(Pending first, String name) throws IOException {
        Pending sent = far.publishAfter(first, name);
        keep(name); // by its content: if it does not arrive, nothing asks for it
        return sent;
    }

    private void keep(String name) throws IOException {
        if (local != null) {
            kept.written(name, local, far.length());
        }
    }

    @Override
    public void close() throws IOException {
        try {
            far.close();
        } finally {
            if (local != null) {
                local.close();
                local = null;
            }
        }
    }
}
