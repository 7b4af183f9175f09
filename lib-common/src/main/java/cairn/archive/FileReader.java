package cairn.archive;

import cairn.chunk.ChunkParams;
import cairn.chunk.Chunker;
import cairn.format.BlobId;
import cairn.format.BlobKind;
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
import cairn.walk.Unsaved;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Reads one file at a time: opens it below its directory's handle, skips its holes, cuts what is left into chunks and
 * stores them. A file that changes while it is read is read again, once. For one thread; reuses its buffer.
 */
final class FileReader {
    /** Content up to this many bytes stands in the entry itself. */
    static final int INLINE = 512;

    private final BlobWriter blobs;
    private final TreeSink trees;
    private final Chunker chunker;
    private final int smallestChunk;
    private final int largestChunk;
    private final ArchiveCounts counts;
    private final ArchiveListener listener;
    private final BooleanSupplier cancelled;
    private final Stat before = new Stat();
    private final Stat after = new Stat();
    private byte[] buffer = new byte[128 << 10];
    private final List<Small> small = new ArrayList<>();
    private byte[] batch = new byte[256 << 10];
    private int batchSize;
    /** Bytes that the file in hand has put behind the others in the batch, or {@link #NONE}. */
    private int kept;
    private static final int NONE = -1;

    FileReader(BlobWriter blobs, TreeSink trees, Chunker chunker, ChunkParams sizes, ArchiveCounts counts, ArchiveListener listener,
            BooleanSupplier cancelled) {
        this.blobs = blobs;
        this.trees = trees;
        this.chunker = chunker;
        this.smallestChunk = sizes.min();
        this.largestChunk = sizes.max();
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

    /** A small file that was read into the batch and is not named yet. */
    private record Small(SourceFile file, Attributes attributes, ScanStat stat, int offset, int length) {
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
        small.add(new Small(file, read.entry().attributes(), read.stat(), batchSize, kept));
        batchSize += kept;
    }

    /** Names and stores the small files that were kept back, in their order. */
    void finishBatch(Done done) throws IOException {
        int count = small.size();
        int[] offsets = new int[count];
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            offsets[i] = small.get(i).offset();
            lengths[i] = small.get(i).length();
        }
        BlobId[] ids = blobs.writeData(batch, offsets, lengths, count);
        batchSize = 0;
        for (int i = 0; i < count; i++) {
            Small next = small.removeFirst();
            Content content = new Content.Listed(List.of(new Item.Data(ids[i], 0, lengths[i], true)));
            done.accept(next.file(), new Read(new Entry.File(next.file().name(), next.attributes(), lengths[i], content), next.stat()));
        }
    }

    /** The files that were kept back and will not be named, because the backup fails. */
    List<SourceFile> dropBatch() {
        List<SourceFile> dropped = small.stream().map(Small::file).toList();
        small.clear();
        batchSize = 0;
        return dropped;
    }

    private Read read(SourceFile file) throws IOException {
        int fd;
        try {
            fd = Open.forReading(file.directory().fd(), file.name(), 0);
        } catch (PosixException e) {
            listener.problem(file.path(), Unsaved.why(e, "open"));
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
            listener.problem(file.path(), "cannot read it: " + e.reason());
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
            int got = Io.pread(fd, 0, buffer, 0, (int) size);
            counts.bytesRead.add(got);
            sizeRead = got;
            return new Content.Inline(Arrays.copyOf(buffer, got));
        }
        if (!holes && size <= smallestChunk) {
            return oneChunk(fd, (int) size);
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

    /** Reads a file of one chunk behind the others in the batch; its content is known when the batch is finished. */
    private Content oneChunk(int fd, int size) throws IOException {
        if (batch.length - batchSize < size) {
            batch = Arrays.copyOf(batch, Math.max(batch.length * 2, batchSize + size));
        }
        int got = Io.pread(fd, 0, batch, batchSize, size);
        counts.bytesRead.add(got);
        sizeRead = got;
        if (got <= INLINE) {
            kept = NONE;
            return new Content.Inline(Arrays.copyOfRange(batch, batchSize, batchSize + got));
        }
        kept = got;
        return null;
    }

    /** Cuts the bytes from {@code from} to {@code to} into chunks. @return where the data ended: before {@code to} if the file shrank */
    private long extent(int fd, long from, long to, ContentWriter content) throws IOException {
        if (buffer.length < 2 * largestChunk) {
            buffer = new byte[2 * largestChunk];
        }
        long position = from;
        int start = 0;
        int end = 0;
        boolean ended = false;
        while (true) {
            if (!ended && end - start < largestChunk) {
                System.arraycopy(buffer, start, buffer, 0, end - start);
                end -= start;
                start = 0;
                int want = (int) Math.min(buffer.length - end, to - position);
                int got = Io.pread(fd, position, buffer, end, want);
                counts.bytesRead.add(got);
                position += got;
                end += got;
                ended = got < want || position == to;
            }
            if (start == end) {
                return position;
            }
            if (cancelled.getAsBoolean()) {
                throw new CancelledException();
            }
            int length = chunker.cut(buffer, start, end - start, ended);
            BlobId id = blobs.write(BlobKind.DATA, List.of(), buffer, start, length);
            content.add(new Item.Data(id, 0, length, true));
            start += length;
        }
    }
}
