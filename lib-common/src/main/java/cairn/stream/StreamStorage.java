package cairn.stream;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.ByteWriter;
import cairn.format.Kind;
import cairn.store.NotStoredException;
import cairn.store.Storage;
import cairn.store.StoredFile;
import cairn.store.StoredName;
import cairn.store.StoredWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * A storage that is a sealed stream: what a writer publishes goes out as {@linkplain SealedFrames frames}, so that the
 * engines which write into a repository make streams too. It shows only what the receiver is known to have, and the index
 * files that were written here, because a writer looks into those again.
 *
 * <p>Files go out one after the other: whoever begins one waits until the one before is published or dropped.
 */
public final class StreamStorage implements Storage {
    private static final String INDEX = Kind.INDEX.folder() + "/";
    private static final String RECORDS = Kind.RECORD.folder() + "/";
    private static final String PACKS = Kind.PACK.folder() + "/";

    private final StreamWriter out;
    private final Storage local;
    private final Storage base;
    private final Set<String> records;
    private final Semaphore turn = new Semaphore(1, true);

    /**
     * @param local   keeps index files: those written here, and those that tell what the receiver has; it is closed with this
     * @param base    where packs and records of what the receiver has can be read; or null. It is closed with this
     * @param records names of the records in {@code base} that the receiver has
     */
    public StreamStorage(StreamWriter out, Storage local, Storage base, Set<String> records) {
        this.out = out;
        this.local = local;
        this.base = base;
        this.records = Set.copyOf(records);
    }

    @Override
    public String location() {
        return "the stream";
    }

    @Override
    public boolean isOneWay() {
        return true;
    }

    private Storage holder(String name) throws IOException {
        StoredName.check(name);
        if (name.startsWith(INDEX)) {
            return local;
        }
        if (base != null && (name.startsWith(PACKS) || records.contains(name))) {
            return base;
        }
        throw new NotStoredException(location(), name);
    }

    @Override
    public void list(String folder, Consumer<StoredFile> each) throws IOException {
        if (StoredName.checkFolder(folder).equals(INDEX)) {
            local.list(folder, each);
        } else if (folder.equals(RECORDS)) {
            for (String record : records) {
                base.stat(record).ifPresent(each);
            }
        }
    }

    @Override
    public Optional<StoredFile> stat(String name) throws IOException {
        try {
            return holder(name).stat(name);
        } catch (NotStoredException gone) {
            return Optional.empty();
        }
    }

    @Override
    public void read(String name, long offset, byte[] buffer, int start, int length) throws IOException {
        holder(name).read(name, offset, buffer, start, length);
    }

    @Override
    public byte[] readAll(String name, int limit) throws IOException {
        return holder(name).readAll(name, limit);
    }

    @Override
    public void write(String name, byte[] content, int start, int length) throws IOException {
        StoredName.check(name);
        try (StoredWriter file = begin(name.substring(0, name.indexOf('/') + 1))) {
            file.write(content, start, length);
            file.publish(name);
        }
    }

    @Override
    public StoredWriter begin(String folder) throws IOException {
        Kind kind = kind(folder);
        StoredWriter kept = kind == Kind.INDEX ? local.begin(folder) : null;
        turn.acquireUninterruptibly();
        try {
            out.write(SealedFrames.FILE, new byte[] {kind.code()});
        } catch (IOException | RuntimeException e) {
            turn.release();
            throw e;
        }
        return new OutgoingFile(kept);
    }

    private static Kind kind(String folder) {
        for (Kind kind : SealedFrames.KINDS) {
            if (folder.equals(kind.folder() + "/")) {
                return kind;
            }
        }
        throw new IllegalArgumentException("files of '" + folder + "' do not travel in streams");
    }

    /** Holds the turn until it is published or closed. */
    private final class OutgoingFile implements StoredWriter {
        private final StoredWriter kept;
        private final byte[] buffer = new byte[StreamFormat.USUAL];
        private int used;
        private long length;
        private boolean done;

        OutgoingFile(StoredWriter kept) {
            this.kept = kept;
        }

        @Override
        public void write(byte[] bytes, int start, int count) throws IOException {
            Objects.checkFromIndexSize(start, count, bytes.length);
            length += count;
            if (kept != null) {
                kept.write(bytes, start, count);
            }
            while (count > 0) {
                int part = Math.min(count, buffer.length - used);
                System.arraycopy(bytes, start, buffer, used, part);
                used += part;
                start += part;
                count -= part;
                if (used == buffer.length) {
                    send();
                }
            }
        }

        private void send() throws IOException {
            if (used > 0) {
                out.write(SealedFrames.DATA, buffer, 0, used);
                used = 0;
            }
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public void publish(String name) throws IOException {
            StoredName.check(name);
            send();
            out.write(SealedFrames.FILE_END, new ByteWriter(96).string(name.getBytes(StandardCharsets.US_ASCII)).toBytes());
            release();
            if (kept != null) {
                kept.publish(name);
            }
        }

        private void release() {
            if (!done) {
                done = true;
                turn.release();
            }
        }

        @Override
        public void close() throws IOException {
            try {
                if (!done) {
                    out.write(SealedFrames.FILE_DROP, new byte[0]);
                }
            } finally {
                release();
                if (kept != null) {
                    kept.close();
                }
            }
        }
    }

    @Override
    public void delete(String name) throws IOException {
        throw new CairnException(ExitCode.FAILED, "cannot delete '" + name + "' in a stream", null);
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public int tidy() {
        return 0;
    }

    @Override
    public void close() throws IOException {
        try (Storage first = base; Storage second = local) {
            // both, whatever fails
        }
    }
}
