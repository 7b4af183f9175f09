package cairn.transfer;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.BlobId;
import cairn.format.Envelope;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.Signer;
import cairn.index.IndexImage;
import cairn.index.IndexedPack;
import cairn.key.KeyList;
import cairn.pack.PackFormat;
import cairn.record.RecordFile;
import cairn.repo.GraphCheck;
import cairn.repo.Marks;
import cairn.repo.Repository;
import cairn.session.SessionFile;
import cairn.store.AlreadyStoredException;
import cairn.store.NotStoredException;
import cairn.store.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the index files, sessions and records of one client, each if it is right and the client's own. A record may lead
 * only to what the client itself has sent, or an older backup of it leads to: else it could learn by a record whether
 * others have stored a blob that it knows the id of. Where clients may ask for that anyway it may lead to anything.
 */
final class ClientRecords {
    /** Backups of the same group that a new one may be built upon. */
    private static final int BASES = 8;

    private final Repository repository;
    private final Storage storage;
    private final KeyList.Member client;
    private final ClientFiles seen;
    private final boolean sharesHashes;
    private final SealedFiles files;
    private final Signer receiver;
    private final InstantSource clock;
    private final Path scratch;

    ClientRecords(Repository repository, KeyList.Member client, ClientFiles seen, boolean sharesHashes, Signer receiver, InstantSource clock, Path scratch) {
        this.repository = repository;
        this.storage = repository.storage();
        this.client = client;
        this.seen = seen;
        this.sharesHashes = sharesHashes;
        this.files = new SealedFiles(repository.id(), repository.checker(), null);
        this.receiver = receiver;
        this.clock = clock;
        this.scratch = scratch;
    }

    void publish(Kind kind, String name, byte[] file) throws IOException {
        switch (kind) {
            case INDEX -> index(name, file);
            case SESSION -> session(name, file);
            case RECORD -> record(name, file);
            default -> throw new IllegalArgumentException("files for " + kind.folder() + "/ are not small");
        }
    }

    private void requireOwn(String name, byte[] signer) throws CairnException {
        if (!isOwn(signer)) {
            throw new CairnException(ExitCode.REFUSED, "the client '" + client.name() + "' may only add backups of its own: its key did not sign '"
                    + name + "'",
                    null);
        }
    }

    private boolean isOwn(byte[] signer) {
        return seen.isOwn(signer);
    }

    private void index(String name, byte[] file) throws IOException {
        IndexImage index = files.index(name, file, file.length);
        requireOwn(name, Envelope.open(file, Kind.INDEX, repository.id(), null, name).signer());
        for (IndexedPack pack : index.packs()) {
            requireOwn(PackFormat.name(pack.hash()), pack.signer());
        }
        new IndexClaims(repository).check(name, index);
        storage.write(name, file);
    }

    private void session(String name, byte[] file) throws IOException {
        SealedFiles.Session session = files.session(name, file, file.length);
        requireOwn(name, session.signer());
        if (session.file().number() != 0) {
            requireOwnSession(session.file());
        }
        storage.write(name, file);
    }

    /** A session is refreshed and ended by whoever began it: to end that of somebody else would let a prune delete under it. */
    private void requireOwnSession(SessionFile of) throws IOException {
        String begun = SessionFile.name(of.session(), 0);
        try {
            byte[] first = storage.readAll(begun, SessionFile.LARGEST);
            requireOwn(begun, Envelope.open(first, Kind.SESSION, repository.id(), repository.checker(), begun).signer());
        } catch (NotStoredException never) {
            throw new CairnException(ExitCode.REFUSED, "'" + of.name() + "' is of a session that was not begun", null, never);
        }
    }

    private void record(String name, byte[] file) throws IOException {
        RecordFile record = files.record(name, file, file.length);
        requireOwn(name, record.signer());
        requireOwnSession(new SessionFile(record.head().session(), 0));
        repository.refresh();
        Marks marks = repository.marks();
        marks.requireWhole();
        BlobId missing = new GraphCheck(repository, pack -> marks.revokesPack(pack) || !sharesHashes && !isOfClient(pack), scratch)
                .missing(List.of(record.head().tree(), record.head().stat()), bases(record, marks));
        if (missing != null) {
            throw new CairnException(ExitCode.REFUSED, "the backup leads to content that the client '" + client.name() + "' has not sent (blob "
                    + missing.hex().substring(0, 8) + ")", "make it again");
        }
        byte[] published = receiver == null ? file : RecordFile.received(repository.id(), file, clock.instant(), receiver);
        Hash id = RecordFile.decode(published, repository.id(), null, name).id();
        try {
            storage.write(RecordFile.name(id), published);
        } catch (AlreadyStoredException same) {
            throw new AlreadyStoredException(storage.location(), name);
        }
    }

    private List<BlobId> bases(RecordFile record, Marks marks) throws IOException {
        List<RecordFile> own = new ArrayList<>(repository.records().readable(marks));
        own.removeIf(older -> !isOwn(older.signer()) || !older.head().group().equals(record.head().group()) || marks.fenced(older.head().session()));
        List<BlobId> roots = new ArrayList<>();
        for (RecordFile older : own.subList(Math.max(0, own.size() - BASES), own.size())) {
            roots.add(older.head().tree());
            roots.add(older.head().stat());
        }
        return roots;
    }

    private boolean isOfClient(Hash pack) {
        try {
            return seen.sees(PackFormat.name(pack));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
