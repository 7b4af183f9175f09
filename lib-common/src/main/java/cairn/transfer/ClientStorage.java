package cairn.transfer;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.DamagedException;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.Signer;
import cairn.key.KeyList;
import cairn.pack.PackFormat;
import cairn.record.RecordFile;
import cairn.remote.FileCheck;
import cairn.remote.Questions;
import cairn.repo.Repository;
import cairn.session.SessionFile;
import cairn.store.ForwardingStorage;
import cairn.store.ForwardingWriter;
import cairn.store.NotStoredException;
import cairn.store.StoredFile;
import cairn.store.StoredName;
import cairn.store.StoredWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A repository as one client may use it that is not trusted with more: it adds packs, index files, sessions and records
 * that its key signed, sees what {@link ClientFiles} shows it, and deletes, marks and replaces nothing. What it may not see
 * is to it as if it were not there. Needs no key: signatures say who wrote what.
 *
 * <p>What it passes on unseen is what tells of no file: {@code ClientStorageTest} holds the list.
 */
public final class ClientStorage extends ForwardingStorage {
    /** All that is held in memory of files that a client is sending: an index file of about 700,000 blobs, ten times as many as it collects. */
    private static final int MOST_HELD = 32 << 20;
    /** Clients read the beginning of a pack before they know how long its head is. */
    private static final int MOST_BEYOND_HEAD = 4096;
    private static final String SHARE_HASHES = "share-hashes";

    private final Repository repository;
    private final KeyList.Member client;
    private final ClientFiles files;
    private final ClientRecords records;
    private final ClientQuestions questions;
    private final AtomicLong held = new AtomicLong();

    /**
     * @param repository opened as the server can
     * @param list       the keys of the repository
     * @param client     name of the access key
     * @param receiver   signs the time at which a backup came; null if the server has no key whose word counts
     */
    public ClientStorage(Repository repository, KeyList list, String client, Signer receiver, InstantSource clock, Path scratch) throws CairnException {
        super(repository.storage());
        this.repository = repository;
        this.client = list.byName(client);
        if (this.client == null || !this.client.role().writes()) {
            throw new CairnException(ExitCode.REFUSED, this.client == null ? "'" + inner.location() + "' has no access key '" + client + "'"
                    : "the access key '" + client + "' may not write", "'cairn key list' shows the access keys");
        }
        files = new ClientFiles(inner, repository.id(), this.client);
        boolean shares = sharesHashes(list);
        questions = new ClientQuestions(repository, list, this.client, files, shares, scratch);
        records = new ClientRecords(repository, this.client, files, shares, receiver, clock, scratch);
    }

    @Override
    public boolean mayDelete() {
        return false;
    }

    @Override
    public void list(String folder, Consumer<StoredFile> each) throws IOException {
        try {
            inner.list(folder, file -> {
                try {
                    if (files.sees(file)) {
                        each.accept(file);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Answers where blobs are, as far as the client may know. */
    public Questions questions() {
        return questions;
    }

    /** Whether clients may ask what others have stored: a setting of the repository. */
    public static boolean sharesHashes(KeyList list) {
        return "yes".equals(list.settings().get(SHARE_HASHES));
    }

    private static Hash packOf(String name) {
        return name.startsWith("packs/") ? Hash.parse(name.substring(name.lastIndexOf('/') + 1)) : null;
    }

    @Override
    public Optional<StoredFile> stat(String name) throws IOException {
        Hash pack = packOf(StoredName.check(name));
        return pack != null && questions.knows(pack) || files.sees(name) ? inner.stat(name) : Optional.empty();
    }

    private void requireSeen(String name) throws IOException {
        if (!files.sees(StoredName.check(name))) {
            throw new NotStoredException(location(), name);
        }
    }

    @Override
    public void read(String name, long offset, byte[] buffer, int start, int length) throws IOException {
        Hash pack = packOf(StoredName.check(name));
        if (pack == null || !questions.knows(pack) || files.sees(name)) {
            requireSeen(name);
            inner.read(name, offset, buffer, start, length);
            return;
        }
        int head = offset == 0 ? questions.headOf(pack) : 0;
        if (offset == 0 && length <= Math.max(head, MOST_BEYOND_HEAD)) {
            inner.read(name, 0, buffer, start, length);
            Arrays.fill(buffer, start + Math.min(head, length), start + length, (byte) 0); // what follows may be of others
        } else if (questions.mayRead(pack, offset, length)) {
            inner.read(name, offset, buffer, start, length);
        } else {
            throw new NotStoredException(location(), name);
        }
    }

    @Override
    public byte[] readAll(String name, int limit) throws IOException {
        requireSeen(name);
        return inner.readAll(name, limit);
    }

    @Override
    public void write(String name, byte[] content, int start, int length) throws IOException {
        writeByBegin(name, content, start, length);
    }

    @Override
    public StoredWriter begin(String folder) throws IOException {
        return switch (StoredName.checkFolder(folder)) {
            case "packs/" -> new Streamed(Kind.PACK);
            case "index/" -> new Small(Kind.INDEX, Integer.MAX_VALUE - 8);
            case "sessions/" -> new Small(Kind.SESSION, SessionFile.LARGEST);
            case "backups/" -> new Small(Kind.RECORD, RecordFile.LARGEST);
            default -> throw refused("add files to '" + folder + "'");
        };
    }

    private CairnException refused(String what) {
        return new CairnException(ExitCode.REFUSED, "the client '" + client.name() + "' may only add backups here: it may not " + what, null);
    }

    /** A pack: checked while it passes, and published if it is right. */
    private final class Streamed extends ForwardingWriter {
        private final Kind kind;
        private final FileCheck check = new FileCheck();

        Streamed(Kind kind) throws IOException {
            super(inner.begin(kind.folder() + "/"));
            this.kind = kind;
        }

        @Override
        public void write(byte[] bytes, int start, int length) throws IOException {
            check.update(bytes, start, length);
            super.write(bytes, start, length);
        }

        @Override
        public void publish(String name) throws IOException {
            FileCheck.Passed passed = check.end(kind, repository.id(), repository.checker(), name);
            requireOwn(name, passed.signer());
            if (!PackFormat.name(passed.hash()).equals(name)) {
                throw new DamagedException(name, "does not have the hash that it is named by");
            }
            super.publish(name);
        }
    }

    private void requireOwn(String name, byte[] signer) throws CairnException {
        if (!files.isOwn(signer)) {
            throw refused("add '" + name + "', which its key did not sign");
        }
    }

    /** Any other file, which is looked at as a whole. */
    private final class Small implements StoredWriter {
        private final Kind kind;
        private final int most;
        private ByteArrayOutputStream content = new ByteArrayOutputStream();
        /** Its part of what is held. */
        private long counted;
        private boolean open = true;

        Small(Kind kind, int most) {
            this.kind = kind;
            this.most = most;
        }

        @Override
        public void write(byte[] bytes, int start, int length) throws IOException {
            if (!open) {
                throw new IllegalStateException("closed");
            }
            counted += length;
            if (held.addAndGet(length) > MOST_HELD || length > most - content.size()) {
                throw new CairnException(ExitCode.REFUSED, "a file for '" + kind.folder() + "/' is larger than one may be that comes from a client", null);
            }
            content.write(bytes, start, length);
        }

        @Override
        public long length() {
            return content.size();
        }

        @Override
        public void publish(String name) throws IOException {
            if (!open) {
                throw new IllegalStateException("closed");
            }
            open = false;
            records.publish(kind, StoredName.check(name), content.toByteArray());
        }

        @Override
        public void close() {
            open = false;
            held.addAndGet(-counted);
            counted = 0;
            content = new ByteArrayOutputStream(0);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        throw refused("delete '" + name + "'");
    }

    /** Hints are not taken from clients: they cost the server, and the files may be such as a client may not see. */
    @Override
    public void expect(String name, long offset, long length) {
    }

    @Override
    public void expectMore(String name, long size, long offset, long length) {
    }

    @Override
    public void expectList(String... folders) {
    }

    @Override
    public void expectIndex() {
    }

    /** What killed writers left is the server's affair. */
    @Override
    public int tidy() {
        return 0;
    }

    @Override
    public void close() throws IOException {
        questions.close();
        repository.close();
    }
}
