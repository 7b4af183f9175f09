package cairn.remote;

import cairn.format.BlobId;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.pack.PackFormat;
import cairn.store.NotStoredException;
import cairn.store.OversizeException;
import cairn.store.Pending;
import cairn.store.Storage;
import cairn.store.StoredFile;
import cairn.store.StoredName;
import cairn.store.StoredWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * A repository on the other side of a conversation. Round trips are what costs, so it asks for more than it is asked: a
 * listing brings small files along, index files come whole, packs of trees in growing stretches, and what is
 * {@linkplain #expect expected} before it is read. Files that never change are kept by the {@link FileCache} for the
 * next run.
 */
public final class RemoteStorage implements Storage {
    /** So many of the newest records come before they are asked for. */
    private static final int EARLY_RECORDS = 64;
    /** Index files up to this size come whole as soon as they are listed. */
    private static final long WHOLE_INDEX = 256L << 20;
    private static final int SMALL = FarListings.SMALL;

    private final Connection connection;
    private final FileCache cache;
    private final SmallFiles small = new SmallFiles();
    private final Expected expected = new Expected();
    /** Packs that blobs were found in by asking. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final FarListings listings;
    private final PagedFiles paged;
    private final PackHeads heads;
    private final Semaphore bulk = new Semaphore(1, true);

    private RemoteStorage(Connection connection, FileCache cache) {
        this.connection = connection;
        this.cache = cache;
        listings = new FarListings(connection, folder -> cache != null && cache.hasAny(folder));
        paged = new PagedFiles(connection);
        heads = new PackHeads(connection);
    }

    /**
     * Begins a conversation.
     *
     * @param cacheFolder where copies are kept; null for none
     * @param cacheSize   how large they may become, in bytes
     */
    public static RemoteStorage open(Link link, Path cacheFolder, long cacheSize) throws IOException {
        Connection connection = new Connection(link);
        RemoteStorage storage = new RemoteStorage(connection, FileCache.open(cacheFolder, cacheSize, connection.repository()));
        storage.fetchNewest(connection.greeting().getOrDefault("backups/", List.of()));
        return storage;
    }

    /** Nearly every command wants the records next: they come while the password is looked at. */
    private void fetchNewest(List<Entries.Entry> records) throws IOException {
        List<String> missing = new ArrayList<>();
        records.stream().map(Entries.Entry::file).sorted(Comparator.comparing(StoredFile::modified).reversed()).limit(EARLY_RECORDS)
                .filter(this::isMissing).forEach(file -> missing.add(file.name()));
        fetch(missing);
    }

    /** Whether it is a small file of the kinds that are read as soon as they are listed, and is not here. */
    private boolean isMissing(StoredFile file) {
        Kind kind = Entries.kindOf(file.name());
        return (kind == Kind.RECORD || kind == Kind.MARK) && file.size() <= SMALL && !small.has(file.name()) && !cached(file.name());
    }

    public RepositoryId repository() {
        return connection.repository();
    }

    /** Round trips so far that had to follow one another, the greeting apart: what a far line costs. */
    public int roundTrips() {
        return connection.roundTrips();
    }

    /** Bytes sent so far. */
    public long sent() {
        return connection.sent();
    }

    /** Bytes received so far. */
    public long received() {
        return connection.received();
    }

    @Override
    public String location() {
        return connection.location();
    }

    @Override
    public boolean isFar() {
        return true;
    }

    @Override
    public boolean listsOneState() {
        return true;
    }

    @Override
    public boolean mayDelete() {
        return (connection.rights() & Message.MAY_DELETE) != 0;
    }

    private ByteReader reader(byte[] payload) {
        return Requests.answer(payload, location());
    }

    @Override
    public void list(String folder, Consumer<StoredFile> each) throws IOException {
        StoredName.checkFolder(folder);
        List<Entries.Entry> entries = listings.of(folder);
        Set<String> names = new HashSet<>();
        List<String> missing = new ArrayList<>();
        for (Entries.Entry entry : entries) {
            StoredFile file = entry.file();
            names.add(file.name());
            Kind kind = Entries.kindOf(file.name());
            if (entry.content() != null) {
                small.put(file.name(), entry.content());
                keep(file.name(), entry.content());
            } else if (kind == Kind.INDEX && file.size() <= WHOLE_INDEX) {
                fetchWhole(file);
            } else if (isMissing(file)) {
                missing.add(file.name());
            }
        }
        fetch(missing);
        if (cache != null && (folder.equals("index/") || folder.equals("backups/") || folder.equals("marks/"))) {
            cache.keepOnly(folder, names);
        }
        for (Entries.Entry entry : entries) {
            each.accept(entry.file());
        }
    }

    private boolean cached(String name) {
        Kind kind = cache == null ? null : Entries.kindOf(name);
        return kind != null && cache.has(name, kind);
    }

    private void keep(String name, byte[] content) {
        Kind kind = cache == null ? null : Entries.kindOf(name);
        if (kind == Kind.RECORD || kind == Kind.MARK || kind == Kind.INDEX) {
            cache.put(name, content);
        }
    }

    private void fetch(List<String> names) throws IOException {
        for (String name : names) {
            CollectCall call = new CollectCall(Message.BYTES, SMALL, location());
            if (small.expect(name, call)) {
                connection.ask(call, Message.ALL, Requests.all(name, SMALL), false);
            }
        }
        if (!names.isEmpty()) {
            connection.flush();
        }
    }

    private void fetchWhole(StoredFile file) throws IOException {
        if (paged.get(file.name()) == null && !cached(file.name())) {
            PagedFile pages = paged.begin(file.name(), file.size());
            if (pages != null) {
                pages.fetchAll();
            }
        }
    }

    @Override
    public void expectList(String... folders) {
        try {
            listings.expect(folders);
            connection.flush();
        } catch (IOException e) {
            // who lists them will learn why
        }
    }

    /** From the greeting on: it comes while the password is looked at, and the line shows meanwhile what it carries. */
    @Override
    public void expectIndex() {
        try {
            for (Entries.Entry entry : connection.greeting().getOrDefault("index/", List.of())) {
                if (Entries.kindOf(entry.file().name()) == Kind.INDEX && entry.file().size() <= WHOLE_INDEX) {
                    fetchWhole(entry.file());
                }
            }
        } catch (IOException e) {
            // who reads it will learn why
        }
    }

    @Override
    public Optional<StoredFile> stat(String name) throws IOException {
        CollectCall call = listings.look(StoredName.check(name));
        if (call == null) {
            call = new CollectCall(Message.ENTRIES, SMALL, location());
            connection.ask(call, Message.STAT, Requests.name(name, 0), true);
        }
        byte[] answer = call.all();
        return answer.length == 0 ? Optional.empty() : Optional.of(Entries.read(reader(answer)).file());
    }

    @Override
    public void read(String name, long offset, byte[] buffer, int start, int length) throws IOException {
        StoredName.check(name);
        PagedFile pages = paged.get(name);
        if (pages != null) {
            pages.read(location(), offset, buffer, start, length);
        } else if (cached(name)) {
            cache.read(name, offset, buffer, start, length);
        } else if (!expected.read(name, offset, buffer, start, length) && !heads.read(name, offset, buffer, start, length)) {
            RangeCall call = new RangeCall(buffer, start, length, location());
            connection.ask(call, Message.READ, Requests.range(name, offset, length, false), false);
            heads.ask(name, offset);
            connection.flush();
            call.awaitAll();
        }
    }

    @Override
    public void expect(String name, long offset, long length) {
        if (length <= 0 || length > Integer.MAX_VALUE - 8 || paged.get(name) != null || cached(name)) {
            return;
        }
        try {
            if (offset == 0 && length <= SMALL && !name.startsWith("packs/")) {
                fetch(List.of(name)); // such files are read whole
                return;
            }
            RangeCall call = new RangeCall(new byte[(int) length], 0, (int) length, location());
            if (expected.add(name, offset, call)) {
                connection.ask(call, Message.READ, Requests.range(name, offset, length, false), false);
                heads.ask(name, offset);
                connection.flush();
            }
        } catch (IOException e) {
            // who reads it will learn why
        }
    }

    @Override
    public void expectMore(String name, long size, long offset, long length) {
        if (told.contains(name)) {
            expect(name, offset, length); // the rest of it is perhaps not for this client
            return;
        }
        try {
            if (!cached(name)) {
                PagedFile pages = paged.begin(name, size);
                if (pages != null) {
                    pages.fetch(offset, length);
                    pages.fetch(0, 1); // its head
                }
            }
        } catch (IOException e) {
            // who reads it will learn why
        }
    }

    @Override
    public byte[] readAll(String name, int limit) throws IOException {
        StoredName.check(name);
        byte[] known = small.take(name);
        if (known == null && cached(name)) {
            known = cache.readAll(name);
        }
        if (known == null) {
            CollectCall call = new CollectCall(Message.BYTES, limit, location());
            connection.ask(call, Message.ALL, Requests.all(name, limit), true);
            return call.all();
        }
        keep(name, known);
        if (known.length > limit) {
            throw new OversizeException(location(), name, known.length, limit);
        }
        return known;
    }

    @Override
    public void write(String name, byte[] content, int start, int length) throws IOException {
        StoredName.check(name);
        writeAfter(Pending.DONE, name, content, start, length).await();
    }

    @Override
    public Pending writeAfter(Pending first, String name, byte[] content, int start, int length) throws IOException {
        try (StoredWriter writer = begin(StoredName.check(name).substring(0, name.indexOf('/') + 1))) {
            writer.write(content, start, length);
            Pending sent = writer.publishAfter(first, name);
            keep(name, start == 0 && length == content.length ? content : Arrays.copyOfRange(content, start, start + length));
            return sent;
        }
    }

    @Override
    public StoredWriter begin(String folder) throws IOException {
        StoredName.checkFolder(folder);
        boolean packs = folder.equals("packs/");
        RemoteWriter writer = new RemoteWriter(connection, folder, packs ? bulk : null, listings);
        return packs || folder.equals("index/") ? new KeptWriter(writer, packs, this::written) : writer;
    }

    /** A file that this side has just written need not be fetched to be read. */
    private void written(String name, FileChannel content, long size) throws IOException {
        PagedFile pages = paged.begin(name, size);
        if (pages != null) {
            pages.fill(content);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        StoredName.check(name);
        forget(name);
        simple(Message.DELETE, name);
        gone(name);
    }

    private void forget(String name) {
        listings.deleting(name);
        small.forget(name);
        heads.forget(name);
    }

    private void gone(String name) {
        paged.forget(name);
        if (cache != null) {
            cache.forget(name);
        }
    }

    @Override
    public int deleteAll(Collection<String> names) throws IOException {
        Map<String, CollectCall> calls = new LinkedHashMap<>();
        for (String name : names) {
            forget(StoredName.check(name));
            CollectCall call = new CollectCall(Message.BYTES, 0, location());
            connection.ask(call, Message.DELETE, Requests.name(name), false);
            calls.put(name, call);
        }
        connection.flush();
        int deleted = 0;
        for (Map.Entry<String, CollectCall> call : calls.entrySet()) {
            try {
                call.getValue().await();
                deleted++;
            } catch (NotStoredException byAnother) {
                // what is wanted
            }
            gone(call.getKey());
        }
        return deleted;
    }

    private byte[] simple(int type, String name) throws IOException {
        CollectCall call = new CollectCall(Message.BYTES, 0, location());
        connection.ask(call, type, name == null ? new byte[0] : Requests.name(name), true);
        return call.await();
    }

    /** Whether {@link #find} may be called. */
    public boolean answersQuestions() {
        return (connection.rights() & (Message.OWN_ARE_ANSWERED | Message.ALL_ARE_ANSWERED)) != 0;
    }

    /** Whether answers are also about what other clients have stored. */
    public boolean sharesHashes() {
        return (connection.rights() & Message.ALL_ARE_ANSWERED) != 0;
    }

    /** Asks where blobs are. @return for each id, in their order, the copies that may be told */
    public List<List<Places.Place>> find(List<BlobId> ids) throws IOException {
        List<CollectCall> calls = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += Message.MOST_IDS) {
            List<BlobId> some = ids.subList(from, Math.min(ids.size(), from + Message.MOST_IDS));
            ByteWriter question = new ByteWriter(some.size() * BlobId.BYTES + 10).varint(some.size());
            some.forEach(question::id);
            CollectCall call = new CollectCall(Message.PLACES, (long) some.size() * (1 + Places.MOST_COPIES * 140), location());
            connection.ask(call, Message.FIND, question.toBytes(), false);
            calls.add(call);
        }
        connection.flush();
        List<List<Places.Place>> found = new ArrayList<>();
        for (CollectCall call : calls) {
            for (ByteReader in = reader(call.all()); in.remaining() > 0;) {
                List<Places.Place> copies = new ArrayList<>();
                for (int left = in.u8(); left > 0; left--) {
                    Places.Place place = Places.read(in);
                    told.add(PackFormat.name(place.location().pack().hash()));
                    copies.add(place);
                }
                found.add(copies);
            }
        }
        if (found.size() != ids.size()) {
            throw reader(new byte[0]).damaged("does not answer what was asked");
        }
        return found;
    }

    @Override
    public Instant now() throws IOException {
        return Entries.time(reader(simple(Message.NOW, null)));
    }

    /** The file system there, not the connection, may keep listings. */
    @Override
    public boolean listsLate() {
        try {
            ByteReader answer = reader(simple(Message.NOW, null));
            Entries.time(answer);
            return answer.u8() != 0;
        } catch (IOException unknown) {
            return true; // to wait in vain does no harm
        }
    }

    @Override
    public int tidy() throws IOException {
        return reader(simple(Message.TIDY, null)).varint(Integer.MAX_VALUE);
    }

    /** Keeps for the next run what has come whole. */
    private void keepPages() {
        paged.complete((name, pages) -> cache.put(name, pages.size(), pages::writeTo));
    }

    @Override
    public void close() throws IOException {
        try {
            if (cache != null) {
                keepPages();
                cache.close();
            }
        } finally {
            try {
                connection.close();
            } finally {
                paged.close();
            }
        }
    }
}
