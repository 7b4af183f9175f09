package cairn.query;

import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.pack.BlobHasher;
import cairn.posix.Io;
import cairn.repo.Repository;
import cairn.tree.Content;
import cairn.tree.Entry;
import cairn.tree.Item;
import cairn.tree.TreeReader.ItemCursor;
import java.io.IOException;
import java.util.Arrays;

/**
 * Tells whether two files have the same bytes, without reading them from the repository where that can be: equal ids
 * mean equal bytes, and pieces on disk are named as the repository names them. For one thread.
 */
final class ContentComparer implements AutoCloseable {
    private static final int STEP = 256 << 10;

    private final Repository repository;
    private final BlobHasher hasher;
    private FileContent content;
    private byte[] buffer = new byte[STEP];

    /** Ends the reading of a file at the first difference. */
    private static final class DifferentException extends IOException {
        private static final long serialVersionUID = 1;
    }

    ContentComparer(Repository repository) {
        this.repository = repository;
        this.hasher = repository.keys().hasher(BlobKind.DATA);
    }

    /** Two stored files. */
    boolean same(Entry.File one, Entry.File two) throws IOException {
        if (one.size() != two.size()) {
            return false;
        }
        if (one.content() instanceof Content.Inline a && two.content() instanceof Content.Inline b) {
            return Arrays.equals(a.bytes(), b.bytes());
        }
        if (one.content() instanceof Content.Pieces a && two.content() instanceof Content.Pieces b && a.root().equals(b.root())) {
            return true;
        }
        if (one.content() instanceof Content.Inline || two.content() instanceof Content.Inline) {
            return sameBytes(one, two);
        }
        ItemCursor a = repository.trees().items(one);
        ItemCursor b = repository.trees().items(two);
        while (a.next() && b.next()) {
            if (a.item().equals(b.item())) {
                continue;
            }
            boolean wholes = a.item() instanceof Item.Data x && b.item() instanceof Item.Data y && x.whole() && y.whole()
                    && x.dataLength() == y.dataLength();
            // the same bytes in pieces of the same length have the same ids; cut elsewhere, only the bytes can tell
            return !wholes && sameBytes(one, two);
        }
        return true;
    }

    private boolean sameBytes(Entry.File one, Entry.File two) throws IOException {
        Sha256 first = new Sha256();
        Sha256 second = new Sha256();
        content().read(one, first);
        content().read(two, second);
        return first.hex().equals(second.hex());
    }

    /** A stored file and an open one. */
    boolean same(Entry.File stored, int fd, long size) throws IOException {
        if (stored.size() != size) {
            return false;
        }
        if (stored.content() instanceof Content.Inline inline) {
            return matches(fd, 0, inline.bytes(), 0, inline.bytes().length);
        }
        for (ItemCursor items = repository.trees().items(stored); items.next();) {
            boolean same = switch (items.item()) {
                case Item.Hole hole -> zeros(fd, items.offset(), items.offset() + hole.length());
                case Item.Data data when data.whole() -> data.blob().equals(id(fd, items.offset(), data.dataLength()));
                case Item.Data data -> partMatches(stored, fd);
            };
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private BlobId id(int fd, long at, int length) throws IOException {
        if (buffer.length < length) {
            buffer = new byte[length];
        }
        return Io.pread(fd, at, buffer, 0, length) == length ? hasher.id(buffer, 0, length) : null;
    }

    private boolean zeros(int fd, long from, long end) throws IOException {
        for (long at = Io.seekData(fd, from); at >= 0 && at < end; at = Io.seekData(fd, at)) {
            int got = Io.pread(fd, at, buffer, 0, (int) Math.min(STEP, end - at));
            for (int i = 0; i < got; i++) {
                if (buffer[i] != 0) {
                    return false;
                }
            }
            if (got == 0) {
                return false; // it shrank
            }
            at += got;
        }
        return true;
    }

    /** A file with a part of a blob, whose name tells nothing about the part: all of it is read. */
    private boolean partMatches(Entry.File stored, int fd) throws IOException {
        long[] at = new long[1];
        try {
            content().read(stored, new FileContent.Sink() {
                @Override
                public void data(byte[] bytes, int offset, int length) throws IOException {
                    for (int done = 0; done < length; done += STEP) {
                        int step = Math.min(STEP, length - done);
                        if (!matches(fd, at[0], bytes, offset + done, step)) {
                            throw new DifferentException();
                        }
                        at[0] += step;
                    }
                }

                @Override
                public void hole(long length) throws IOException {
                    if (!zeros(fd, at[0], at[0] + length)) {
                        throw new DifferentException();
                    }
                    at[0] += length;
                }
            });
            return true;
        } catch (DifferentException different) {
            return false;
        }
    }

    private boolean matches(int fd, long at, byte[] bytes, int offset, int length) throws IOException {
        return Io.pread(fd, at, buffer, 0, length) == length && Arrays.equals(buffer, 0, length, bytes, offset, offset + length);
    }

    private FileContent content() {
        if (content == null) {
            content = new FileContent(repository);
        }
        return content;
    }

    @Override
    public void close() {
        if (content != null) {
            content.close();
        }
    }
}
