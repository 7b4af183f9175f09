package cairn.query;

import cairn.error.CairnException;
import cairn.format.BlobId;
import cairn.index.Location;
import cairn.pack.PackFormat;
import cairn.pack.PackKind;
import cairn.record.RecordFile;
import cairn.repo.Repository;
import cairn.repo.Unusable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What backups take up. Walks the references that stand in clear from each backup's roots, so it needs no key and sees
 * no name. Sizes are bytes as stored, sealed and compressed. Costs one walk a backup and no memory for a blob: what is
 * known of them lies on disk.
 */
public final class Usage implements AutoCloseable {
    private final Repository repository;
    private final BlobTable blobs;
    private final List<RecordFile> records;
    private final long[] own;
    private final long[] all;
    private byte[] frame = new byte[64 << 10];
    private long stored;
    private long plain;
    private int missing;

    /** Hears how far it is. */
    public interface Progress {
        void backup(int done, int of);
    }

    /** @param scratch for a temporary file; null for the system's folder */
    public Usage(Repository repository, List<RecordFile> records, Path scratch) throws IOException {
        this.repository = repository;
        this.records = List.copyOf(records);
        this.own = new long[records.size()];
        this.all = new long[records.size()];
        this.blobs = new BlobTable(scratch);
    }

    public void run(Progress progress) throws IOException {
        for (int i = 0; i < records.size(); i++) {
            progress.backup(i, records.size());
            walk(i, records.get(i).head().tree());
            walk(i, records.get(i).head().stat());
        }
    }

    /** Bytes that only this backup needs: what deleting it alone would free. */
    public long own(int backup) {
        return own[backup];
    }

    /** Bytes that others need too. */
    public long shared(int backup) {
        return all[backup] - own[backup];
    }

    /** Different blobs that backups need. */
    public long blobs() {
        return blobs.size();
    }

    /** Their bytes as stored. */
    public long storedBytes() {
        return stored;
    }

    /** Their bytes before compression. */
    public long plainBytes() {
        return plain;
    }

    /** Blobs that are needed and that the index does not know, or trees that cannot be read: sizes are too small then. */
    public int missing() {
        return missing;
    }

    private void walk(int backup, BlobId root) throws IOException {
        Deque<BlobId> todo = new ArrayDeque<>();
        todo.push(root);
        while (!todo.isEmpty()) {
            BlobId id = todo.pop();
            long place = blobs.find(id);
            if (place >= 0) {
                if (blobs.count(place, backup)) {
                    continue;
                }
                int owner = blobs.owner(place);
                if (owner != BlobTable.SEVERAL) {
                    own[owner] -= blobs.stored(place);
                    blobs.setShared(place);
                }
                all[backup] += blobs.stored(place);
                if (blobs.isTree(place)) {
                    push(id, repository.locations(id), todo);
                }
            } else {
                meet(backup, id, todo);
            }
        }
    }

    private void meet(int backup, BlobId id, Deque<BlobId> todo) throws IOException {
        List<Location> copies = repository.locations(id);
        if (copies.isEmpty()) {
            missing++;
            blobs.add(id, 0, 0, false, backup);
            return;
        }
        Location first = copies.getFirst();
        boolean tree = first.pack().kind() != PackKind.DATA.code();
        blobs.add(id, first.stored(), first.plain(), tree, backup);
        own[backup] += first.stored();
        all[backup] += first.stored();
        stored += first.stored();
        plain += first.plain();
        if (tree) {
            push(id, copies, todo);
        }
    }

    private void push(BlobId id, List<Location> copies, Deque<BlobId> todo) throws IOException {
        repository.expect(List.of(id), true);
        for (Location copy : copies) {
            try {
                String name = PackFormat.name(copy.pack().hash());
                if (frame.length < copy.stored()) {
                    frame = new byte[copy.stored()];
                }
                repository.storage().read(name, copy.offset(), frame, 0, copy.stored());
                PackFormat.Frame head = PackFormat.readFrame(frame, 0, copy.stored(), name);
                List<BlobId> references = new ArrayList<>(head.refs());
                for (int i = 0; i < head.refs(); i++) {
                    references.add(BlobId.read(frame, PackFormat.FRAME_HEADER + i * BlobId.BYTES));
                }
                references.forEach(todo::push);
                repository.expect(references, true);
                return;
            } catch (CairnException damaged) {
                Unusable.orThrow(damaged); // another copy may be good
            }
        }
        missing++;
    }

    @Override
    public void close() {
        blobs.close();
    }
}
