package cairn.archive;

import cairn.chunk.ChunkParams;
import cairn.chunk.Chunker;
import cairn.format.BlobId;
import cairn.posix.Io;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import cairn.repo.BlobWriter;
import cairn.tree.Attributes;
import cairn.tree.Content;
import cairn.tree.ContentWriter;
import cairn.tree.Entry;
import cairn.tree.Item;
import cairn.tree.ScanStat;
import cairn.tree.TreeSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Reads one file at a time: opens it below its directory's handle, skips its holes, cuts what is left into chunks and
 * stores them. A file that changes while it is read is read again, once. For one thread; reuses its buffers.
 */
final class FileReader {
    /** Content up to this many bytes stands in the entry itself. */
    static final int INLINE = 512;
    /** Files up to this many bytes are named together with others. */
    private static final int SMALL = 256 << 10;
    /** Bytes of a larger file that are read and named at a time. */
    private static final int WINDOW = 1 << 20;

    private final BlobWriter blobs;
    private final TreeSink trees;
    private final int largestChunk;
    private final ArchiveCounts counts;
    private final ArchiveListener listener;
    private final BooleanSupplier cancelled;
    private final Stat before = new Stat();
    private final Stat after = new Stat();
    private final byte[] inline = new byte[INLINE];
    private final List<Small> small = new ArrayList<>();
    private final Pieces batch;
    private final Pieces cuts;
    /** Bytes that the file in hand has put behind the others in the batch, or {@link #NONE}. */
    private int kept;
    private static final int NONE = -1;

    FileReader(BlobWriter blobs, TreeSink trees, Chunker chunker, ChunkParams sizes, ArchiveCounts counts, ArchiveListener listener,
            BooleanSupplier cancelled) {
        this.blobs = blobs;
        this.trees = trees;
        this.largestChunk = sizes.max();
        this.batch = new Pieces(chunker);
        this.cuts = new Pieces(chunker);
        this.counts = counts;
        this.listener = listener;
        this.cancelled = cancelled;
    }

    /** A file as it was read. */
    record Read(Entry.File entry, ScanStat stat) {
    }

    /** Raised in the middle of a file when the backup is interrupted. */
    static final class CancelledException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** A small file whose pieces are in the batch and are not named yet. */
    private record Small(SourceFile file, Attributes attributes, ScanStat stat, int length, int pieces) {
    }

    /** Takes files as they are known; {@code read} is null if a file is not to be saved. */
    interface Done {
        void accept(SourceFile file, Read read) throws IOException;
    }

    /**
     * Reads a file. A small one may be kept back until {@link #finishBatch}, so that many are named side by side. One
     * that vanished, cannot be read or is no file any more is not to be saved.
     */
    void read(SourceFile file, Done done) throws IOException {
        kept = NONE;
        Read read = read(file);
        if (kept == NONE || read == null) {
            done.accept(file, read);
            return;
        }
        small.add(new Small(file, read.entry().attributes(), read.stat(), kept, batch.addWhole(kept)));
    }

    /** Names and stores the small files that were kept back, in their order. */
    void finishBatch(Done done) throws IOException {
        BlobId[] ids = batch.store(blobs);
        int next = 0;
        for (int left = small.size(); left > 0; left--) {
            Small file = small.removeFirst();
            ContentWriter content = new ContentWriter(trees);
            for (int end = next + file.pieces(); next < end; next++) {
                content.add(new Item.Data(ids[next], 0, batch.length(next), true));
            }
            Entry.File entry = new Entry.File(file.file().name(), file.attributes(), file.length(), content.finish());
            done.accept(file.file(), new Read(entry, file.stat()));
        }
        batch.clear();
    }

    /** The files that were kept back and will not be named, because the backup fails. */
    List<SourceFile> dropBatch() {
        List<SourceFile> dropped = small.stream().map(Small::file).toList();
        small.clear();
        batch.clear();
        return dropped;
    }

    private Read read(SourceFile file) throws IOException {
        int fd;
        try {
            fd = Open.forReading(file.directory().fd(), file.name(), 0);
        } catch (PosixException e) {
            listener.problem(file.path(), e.isNotFound() ? "vanished before it could be read" : "cannot open: " + e.reason());
            return null;
        }
        try {
            listener.reading(file.path());
            for (boolean again = false;; again = true) {
                before.of(fd);
                if (!before.isRegular() || before.ino() != file.inode() || before.dev() != file.device()) {
                    listener.problem(file.path(), "was replaced while it was being saved");
                    if (!before.isRegular()) {
                        return null;
                    }
                }
                Attributes attributes = AttributeReader.ofOpen(fd, before, file.linkGroup(),
                        message -> listener.problem(file.path(), message));
                kept = NONE;
                Content content = content(fd, before);
                after.of(fd);
                boolean changed = after.mtime() != before.mtime() || after.mtimeNanos() != before.mtimeNanos()
                        || after.ctime() != before.ctime() || after.ctimeNanos() != before.ctimeNanos() || after.size() != before.size();
                if (changed && !again) {
                    continue;
                }
                if (changed) {
                    listener.problem(file.path(), "changed while it was being read");
                }
                return new Read(new Entry.File(file.name(), attributes, sizeRead, content), scanStat(before, file.recordedDev()));
            }
        } catch (PosixException e) {
            listener.problem(file.path(), "cannot read: " + e.reason());
            return null;
        } finally {
            Open.close(fd);
        }
    }

    /** @param device to remember, see {@link cairn.walk.Directory#recordedDev} */
    static ScanStat scanStat(Stat stat, long device) {
        return new ScanStat((int) (device >>> 32), (int) device, stat.ino(), stat.ctime(), stat.ctimeNanos(), null);
    }

    /** Bytes that the content just read covers: less than the stat says if the file shrank meanwhile. */
    private long sizeRead;

    private Content content(int fd, Stat stat) throws IOException {
        long size = stat.size();
        sizeRead = size;
        if (size == 0) {
            return new Content.Inline(new byte[0]);
        }
        boolean holes = stat.blocks() * 512 < size;
        if (size <= INLINE && (!holes || Io.seekHole(fd, 0) >= size)) {
            int got = Io.pread(fd, 0, inline, 0, (int) size);
            counts.bytesRead.add(got);
            sizeRead = got;
            return new Content.Inline(Arrays.copyOf(inline, got));
        }
        if (!holes && size <= SMALL) {
            return small(fd, (int) size);
        }
        ContentWriter content = new ContentWriter(trees);
        long at = 0;
        while (at < size) {
            long data = holes ? Io.seekData(fd, at) : at;
            if (data < 0 || data > size) {
                data = size;
            }
            if (data > at) {
                content.add(new Item.Hole(data - at));
            }
            if (data == size) {
                at = size;
                break;
            }
            long end = holes ? Math.min(Io.seekHole(fd, data), size) : size;
            long reached = extent(fd, data, end, content);
            at = reached;
            if (reached < end) {
                break; // it shrank
            }
        }
        sizeRead = at;
        return content.finish();
    }

    /** Reads a file behind the others in the batch; its content is known when the batch is finished. */
    private Content small(int fd, int size) throws IOException {
        int at = batch.room(size);
        int got = Io.pread(fd, 0, batch.bytes(), at, size);
        counts.bytesRead.add(got);
        sizeRead = got;
        if (got <= INLINE) {
            kept = NONE;
            return new Content.Inline(Arrays.copyOfRange(batch.bytes(), at, at + got));
        }
        kept = got;
        return null;
    }

    /** Cuts the bytes from {@code from} to {@code to} into chunks. @return where the data ended: before {@code to} if the file shrank */
    private long extent(int fd, long from, long to, ContentWriter content) throws IOException {
        long position = from;
        boolean ended = false;
        cuts.clear(); // a file before may have failed half-way
        while (!ended) {
            int at = cuts.room(WINDOW);
            int want = (int) Math.min(WINDOW, to - position);
            int got = Io.pread(fd, position, cuts.bytes(), at, want);
            counts.bytesRead.add(got);
            position += got;
            ended = got < want || position == to;
            if (cancelled.getAsBoolean()) {
                throw new CancelledException();
            }
            cuts.add(got, largestChunk, ended);
            BlobId[] ids = cuts.store(blobs);
            for (int i = 0; i < ids.length; i++) {
                content.add(new Item.Data(ids[i], 0, cuts.length(i), true));
            }
            cuts.keepRest();
        }
        return position;
    }
}
