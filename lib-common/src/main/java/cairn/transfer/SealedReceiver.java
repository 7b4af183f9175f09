package cairn.transfer;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.BlobId;
import cairn.format.DamagedException;
import cairn.format.ForeignFileException;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.Signer;
import cairn.index.IndexImage;
import cairn.key.KeyList;
import cairn.record.RecordFile;
import cairn.repo.GraphCheck;
import cairn.repo.GuardSession;
import cairn.repo.Marks;
import cairn.repo.Repository;
import cairn.session.SessionFile;
import cairn.store.AlreadyStoredException;
import cairn.store.NotStoredException;
import cairn.store.Storage;
import cairn.stream.StreamException;
import cairn.stream.StreamReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * Receives a sealed stream into a repository. Needs no key: it checks and stores what the sender made.
 *
 * <p>Packs and index files are stored as they arrive, so that what came whole before a stream broke off is kept: the same
 * stream once more finds it there, and the next writer indexes it, because the sender's session has not ended. The record
 * is published last, after a good trailer, and only if all that it needs is there. Two sessions guard this: the
 * receiver's own keeps what it finds from being deleted meanwhile (rules 2 and 6); the sender's, which the record names,
 * makes the backup doubtful should the receiver stop between publishing it and finding itself fenced (rules 5 and 10).
 */
public final class SealedReceiver {
    private static final int SMALL = 1 << 16;
    /** More than a pack ever goes beyond the size from which on it is full. */
    private static final int BEYOND = 64 << 20;

    private final Repository repository;
    private final Storage storage;
    private final SealedFiles files;
    private final Signer signer;
    private final Path scratch;
    private final SenderSessions sessions = new SenderSessions();
    private byte[] recordFile;
    private RecordFile record;
    private Hash base;
    private long count;
    private long stored;
    private long skipped;

    /**
     * @param list    the keys that may add to the repository
     * @param signer  of the receiver, to put its time around the record; null if it has no key whose word counts
     * @param scratch folder for temporary files, or null for the system's
     */
    public SealedReceiver(Repository repository, KeyList list, Signer signer, Path scratch) {
        this.repository = repository;
        this.storage = repository.storage();
        this.files = new SealedFiles(repository.id(), repository.checker(), list);
        this.signer = signer;
        this.scratch = scratch;
    }

    /**
     * Receives one stream. The header was read already; it is up to its trailer when this returns.
     *
     * @param time by the receiver's clock
     */
    public Received receive(StreamReader in, Instant time) throws IOException {
        if (!repository.id().equals(in.header().repository())) {
            throw new CairnException(ExitCode.FAILED, "the stream is for the repository " + in.header().repository().hex().substring(0, 8)
                    + ", not for '" + storage.location() + "' (" + repository.id().hex().substring(0, 8) + ")",
                    "a sealed stream can only go where its key belongs; 'cairn send --plain' makes one for any repository, without the key's seal");
        }
        try (GuardSession guard = GuardSession.begin(repository)) {
            repository.marks().requireWhole();
            new ArrivingFile(in, this::most).readAll(new ArrivingFile.Sink() {
                @Override
                public void base(Hash written) {
                    base = written;
                }

                @Override
                public void file(Kind kind, String name, byte[] file, int length) throws IOException {
                    take(kind, name, file, length);
                }
            });
            if (record == null) {
                throw new StreamException("the stream", "is whole, but holds no backup");
            }
            sessions.requireOwn(record);
            RecordFile same = repository.records().ofWriter(record.written());
            RecordFile published = same != null ? same : publish(guard, time);
            endSessions();
            return new Received(published.id(), published.head(), same != null, stored, skipped, count, in.position());
        }
    }

    private int most(Kind kind) {
        return switch (kind) {
            case PACK -> 2 * repository.packSize() + BEYOND;
            case INDEX -> BEYOND;
            case RECORD -> RecordFile.LARGEST;
            default -> SMALL;
        };
    }

    private void take(Kind kind, String name, byte[] file, int length) throws IOException {
        count++;
        try {
            checkAndStore(kind, name, file, length);
        } catch (DamagedException | ForeignFileException wrong) {
            throw new StreamException("the stream", "holds a file that is not right: " + wrong.getMessage(), wrong);
        }
    }

    private void checkAndStore(Kind kind, String name, byte[] file, int length) throws IOException {
        switch (kind) {
            case SESSION -> takeSession(name, file, length);
            case PACK -> {
                files.pack(name, file, length);
                store(name, file, length);
            }
            case INDEX -> {
                IndexImage index = files.index(name, file, length);
                new IndexClaims(repository).check(name, index);
                store(name, file, length);
            }
            case RECORD -> {
                if (record != null) {
                    throw new StreamException("the stream", "holds more than one backup");
                }
                record = files.record(name, file, length);
                recordFile = Arrays.copyOf(file, length);
            }
            default -> throw new IllegalStateException("files for " + kind.folder() + "/ do not travel");
        }
    }

    private void takeSession(String name, byte[] file, int length) throws IOException {
        SealedFiles.Session session = files.session(name, file, length);
        SenderSessions.Kept kept = sessions.take(session, Arrays.copyOf(file, length));
        if (kept == SenderSessions.Kept.FOR_THE_END) {
            return;
        }
        try {
            storage.write(name, file, 0, length);
        } catch (AlreadyStoredException earlier) {
            renew(name, Arrays.copyOf(file, length));
        }
    }

    /** Writes a session's file anew that an earlier try had left: by its time the session would seem silent. */
    private void renew(String name, byte[] file) throws IOException {
        try {
            if (!Arrays.equals(storage.readAll(name, SessionFile.LARGEST), file)) {
                throw new CairnException(ExitCode.REFUSED, "'" + name + "' is the session of somebody else", null);
            }
            storage.delete(name);
        } catch (NotStoredException gone) {
            // tidied meanwhile
        }
        try {
            storage.write(name, file);
        } catch (AlreadyStoredException other) {
            // somebody receives the same stream at this moment
        }
    }

    private void store(String name, byte[] file, int length) throws IOException {
        try {
            if (storage.stat(name).isEmpty()) {
                storage.write(name, file, 0, length);
                stored += length;
                return;
            }
        } catch (AlreadyStoredException meanwhile) {
            // as good
        }
        skipped += length;
    }

    private RecordFile publish(GuardSession guard, Instant time) throws IOException {
        repository.refresh();
        Marks marks = repository.marks();
        marks.requireWhole();
        if (marks.fenced(record.head().session())) {
            throw new CairnException(ExitCode.FAILED, "the stream was begun so long ago that a prune has given it up", "make it again with 'cairn send'");
        }
        RecordFile older = base == null ? null : repository.records().ofWriter(base);
        boolean relied = older != null && !marks.revokesRecord(older.id()) && (!marks.fenced(older.head().session()) || marks.foundComplete(older.id()));
        BlobId missing = new GraphCheck(repository, marks::revokesPack, scratch).missing(roots(record), relied ? roots(older) : List.of());
        if (missing != null) {
            throw new CairnException(ExitCode.FAILED, base != null && older == null
                    ? "the stream relies on the backup " + base.hex().substring(0, 8) + ", which is not here"
                    : "the stream relies on content that is not here (blob " + missing.hex().substring(0, 8) + ")",
                    base != null ? "send it without --base" : "send it again, whole");
        }
        byte[] file = signer == null ? recordFile : RecordFile.received(repository.id(), recordFile, time, signer);
        RecordFile published = RecordFile.decode(file, repository.id(), null, "the record");
        try {
            storage.write(RecordFile.name(published.id()), file);
        } catch (AlreadyStoredException again) {
            // the same bytes: as good as written
        }
        Marks now = Marks.load(storage, repository.id(), repository.checker(), repository.keys().trust());
        now.requireWhole();
        if (now.fenced(guard.id()) || now.fenced(record.head().session())) {
            throw new CairnException(ExitCode.FAILED, "the backup " + published.id().hex().substring(0, 8) + " is in doubt: a prune gave up waiting for it",
                    "'cairn verify' says whether it is complete; else receive it again");
        }
        return published;
    }

    private static List<BlobId> roots(RecordFile of) {
        return List.of(of.head().tree(), of.head().stat());
    }

    /** The sender's sessions end when the backup is there: not before, so that what a broken stream left is found. */
    private void endSessions() throws IOException {
        for (SenderSessions.End end : sessions.ends()) {
            try {
                storage.write(end.name(), end.file());
            } catch (AlreadyStoredException again) {
                // ended by an earlier try
            }
        }
    }
}
