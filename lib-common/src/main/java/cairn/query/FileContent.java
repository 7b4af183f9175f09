package cairn.query;

import cairn.format.BlobId;
import cairn.format.DamagedException;
import cairn.repo.BlobReader;
import cairn.repo.Repository;
import cairn.tree.Content;
import cairn.tree.Entry;
import cairn.tree.Item;
import cairn.tree.TreeReader;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Reads the bytes of files in order. Files of one folder may share a blob, so the last one read is kept. For one
 * thread.
 */
public final class FileContent implements AutoCloseable {
    private static final byte[] ZEROS = new byte[64 << 10];

    private final Repository repository;
    private final TreeReader trees;
    private final BlobReader blobs;
    private BlobId held;
    private int heldLength;

    /** Takes a file's bytes in order of their offsets. */
    public interface Sink {
        void data(byte[] bytes, int offset, int length) throws IOException;

        /** So many bytes that are zeros because nothing is allocated there. */
        void hole(long length) throws IOException;
    }

    public FileContent(Repository repository) {
        this.repository = repository;
        this.trees = repository.trees();
        this.blobs = repository.newReader();
    }

    /** Gives all bytes of a file to a sink. */
    public void read(Entry.File file, Sink sink) throws IOException {
        if (file.content() instanceof Content.Inline inline) {
            if (inline.bytes().length != file.size()) {
                throw new DamagedException("tree", "holds " + inline.bytes().length + " bytes for a file of " + file.size());
            }
            sink.data(inline.bytes(), 0, inline.bytes().length);
            return;
        }
        ContentAhead.OfFile ahead = new ContentAhead.OfFile(repository, trees, file);
        for (TreeReader.ItemCursor items = trees.items(file); items.next();) {
            ahead.reached(items.item());
            switch (items.item()) {
                case Item.Hole hole -> sink.hole(hole.length());
                case Item.Data data -> {
                    load(data.blob());
                    if (data.offset() < 0 || data.offset() > heldLength - data.dataLength()) {
                        throw new DamagedException("tree", "asks for bytes beyond the end of blob " + data.blob());
                    }
                    sink.data(blobs.payload(), data.offset(), data.dataLength());
                }
            }
        }
    }

    /** Writes all bytes of a file, holes as zeros. */
    public void copy(Entry.File file, OutputStream out) throws IOException {
        read(file, new Sink() {
            @Override
            public void data(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void hole(long length) throws IOException {
                zeros(out, length);
            }
        });
    }

    /** Writes so many zeros. */
    public static void zeros(OutputStream out, long length) throws IOException {
        for (long left = length; left > 0; left -= ZEROS.length) {
            out.write(ZEROS, 0, (int) Math.min(left, ZEROS.length));
        }
    }

    private void load(BlobId id) throws IOException {
        if (!id.equals(held)) {
            held = null;
            heldLength = blobs.read(id).length();
            held = id;
        }
    }

    @Override
    public void close() {
        blobs.close();
    }
}
