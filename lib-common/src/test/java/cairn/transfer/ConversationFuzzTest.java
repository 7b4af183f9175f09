package cairn.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.crypto.Ed25519;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.Envelope;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.key.KeyList;
import cairn.remote.CheckedStorage;
import cairn.remote.Link;
import cairn.remote.LostException;
import cairn.remote.Message;
import cairn.remote.PipeLink;
import cairn.remote.RemoteStorage;
import cairn.remote.StorageServer;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.repo.TestKeys;
import cairn.robust.Fuzz;
import cairn.robust.Lab;
import cairn.store.LastingStorage;
import cairn.store.MemoryStorage;
import cairn.stream.Frame;
import cairn.stream.FrameReader;
import cairn.stream.FrameWriter;
import cairn.stream.StreamHeader;
import cairn.stream.StreamKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Conversations whose frames were altered, on either side: the server ends or refuses, gives nothing away, and keeps what
 * is not the client's; a client that is told nonsense fails with an error for people. {@code -Dcairn.seed=N
 * -Dcairn.fuzz=100000} for others and for more.
 */
@Timeout(3600)
class ConversationFuzzTest {
    private static final int ROUNDS = Fuzz.ROUNDS / 10;
    private static final int NEEDLE = 24;
    /** Far more than any of the small conversations here needs, far less than a forged length would ask for. */
    private static final long MOST_BYTES = 96L << 20;
    private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final StreamHeader HEADER = new StreamHeader(StreamKind.CONVERSATION, Streams.repository());

    @TempDir
    Path temp;

    private final Fuzz fuzz = new Fuzz();
    private final Random random = fuzz.random;
    private final MemoryStorage before = new MemoryStorage();
    private final List<String> names = new ArrayList<>(List.of("packs/", "index/", "x", "", "packs/../keys/bob", "/etc/passwd", "keys/bob", "marks/x"));
    private Lab alice;
    private Lab bob;

    @BeforeEach
    void fill() throws IOException {
        alice = TwoLabs.lab(temp, "alice", TwoLabs.ALICE);
        bob = TwoLabs.lab(temp, "bob", TwoLabs.BOB);
        alice.write("d/a", 9_000, 1);
        bob.write("d/b", 9_000, 2);
        for (String name : List.of("keys/alice", "keys/bob", "keylist/1", "cairn.toml")) {
            byte[] content = new byte[60];
            new Random(name.hashCode()).nextBytes(content);
            before.write(name, content);
        }
        backup(alice, "alice", before);
        backup(bob, "bob", before);
        content(before).keySet().forEach(names::add);
    }

    /** Serves a client that may only add, or (null) somebody who may do everything that a storage can. */
    private void serve(String client, MemoryStorage storage, InputStream in, OutputStream out) throws IOException {
        if (client == null) {
            new StorageServer(new CheckedStorage(new LastingStorage(storage), Streams.repository()), Streams.repository(), null,
                    Message.MAY_WRITE | Message.MAY_DELETE, "test").serve(in, out);
            return;
        }
        KeyList list = TwoLabs.list(false);
        Repository repository = new Repository(new LastingStorage(storage), RepositoryKeys.without(Streams.repository(), list));
        try (ClientStorage restricted = new ClientStorage(repository, list, client, TestKeys.full(true).signer(),
                () -> Instant.parse("2026-11-21T06:00:00Z"), temp)) {
            new StorageServer(restricted, Streams.repository(), restricted.questions(), Message.MAY_WRITE | Message.OWN_ARE_ANSWERED, "test").serve(in, out);
        }
    }

    /** What was said in a conversation. */
    private static final class Said {
        private final ByteArrayOutputStream byClient = new ByteArrayOutputStream();
        private final ByteArrayOutputStream byServer = new ByteArrayOutputStream();
    }

    private PipeLink pipe(String client, MemoryStorage storage, Said said) throws IOException {
        return new PipeLink((in, out) -> serve(client, storage, new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int b = in.read();
                if (b >= 0) {
                    said.byClient.write(b);
                }
                return b;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = in.read(bytes, offset, length);
                if (count > 0) {
                    said.byClient.write(bytes, offset, count);
                }
                return count;
            }
        }, new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                said.byServer.write(bytes, offset, length);
                out.write(bytes, offset, length);
            }
        }));
    }

    private Said backup(Lab lab, String client, MemoryStorage storage) throws IOException {
        Said said = new Said();
        try (Repository repository = lab.open(RemoteStorage.open(pipe(client, storage, said), null, 0))) {
            lab.backup(repository);
        }
        return said;
    }

    private Said read(Lab lab, String client, MemoryStorage storage) throws IOException {
        Said said = new Said();
        PipeLink link = pipe(client, storage, said);
        useAll(lab, link);
        return said;
    }

    /** Reads all that there is. */
    private static void useAll(Lab lab, Link link) throws IOException {
        try (Repository repository = lab.open(RemoteStorage.open(link, null, 0))) {
            for (Hash backup : repository.records().list()) {
                assertEquals(lab.live(), lab.readBack(new LastingStorage(repository.storage()), backup));
            }
            ((RemoteStorage) repository.storage()).now();
        }
    }

    private static Map<String, byte[]> content(MemoryStorage of) throws IOException {
        Map<String, byte[]> content = new LinkedHashMap<>();
        for (String name : of.names("")) {
            content.put(name, of.readAll(name, Integer.MAX_VALUE));
        }
        return content;
    }

    private static List<Frame> frames(byte[] said) throws IOException {
        InputStream in = new ByteArrayInputStream(said);
        StreamHeader.read(in, "what was said");
        FrameReader reader = new FrameReader(in, "what was said");
        List<Frame> frames = new ArrayList<>();
        for (Frame frame; (frame = reader.next()) != null;) {
            frames.add(frame);
        }
        return frames;
    }

    private static byte[] conversation(List<Frame> frames) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        HEADER.write(out);
        FrameWriter writer = new FrameWriter(out);
        for (Frame frame : frames) {
            writer.write(frame.type(), frame.number(), frame.payload());
        }
        writer.flush();
        return out.toByteArray();
    }

    /** One or a few frames altered, missing, doubled, exchanged, of another type, number or name, or made up. */
    private List<Frame> alter(List<Frame> from, int lowest, int types) {
        List<Frame> frames = new ArrayList<>(from);
        for (int i = random.nextInt(4); i >= 0 && !frames.isEmpty(); i--) {
            int at = random.nextInt(frames.size());
            Frame frame = frames.get(at);
            int other = frames.get(random.nextInt(frames.size())).number();
            switch (random.nextInt(9)) {
                case 0 -> frames.remove(at);
                case 1 -> frames.add(random.nextInt(frames.size() + 1), frame);
                case 2 -> frames.set(at, frames.set(random.nextInt(frames.size()), frame));
                case 3 -> frames.set(at, new Frame(lowest + random.nextInt(types), frame.number(), frame.payload()));
                case 4 -> frames.set(at, new Frame(frame.type(), other, frame.payload()));
                case 5, 6 -> frames.add(at, new Frame(lowest + random.nextInt(types), other, named()));
                default -> frames.set(at, new Frame(frame.type(), frame.number(), fuzz.mutate(frame.payload())));
            }
        }
        return frames;
    }

    /** A payload that begins with a name, and goes on with numbers of any size. */
    private byte[] named() {
        byte[] name = names.get(random.nextInt(names.size())).getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(name.length);
        out.writeBytes(name);
        for (int i = random.nextInt(4); i > 0; i--) {
            byte[] number = new byte[random.nextInt(5)];
            Arrays.fill(number, (byte) (random.nextBoolean() ? 0xFF : 0x80 + random.nextInt(128)));
            out.writeBytes(number);
            out.write(random.nextInt(128));
        }
        return out.toByteArray();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Pieces of all that a client may not see. */
    private static List<String> secrets(Map<String, byte[]> content, byte[] own) {
        List<String> secrets = new ArrayList<>();
        content.forEach((name, file) -> {
            boolean visible = name.equals("keys/alice") || name.startsWith("keylist/") || name.equals("cairn.toml") || name.startsWith("sessions/");
            if (!visible && !text(file).contains(text(own))) {
                secrets.add(text(Arrays.copyOfRange(file, file.length / 2, file.length / 2 + NEEDLE)));
            }
        });
        return secrets;
    }

    private interface Round {
        /** @return whether it was refused */
        boolean run(byte[] said) throws IOException;
    }

    private void fuzz(int rounds, List<List<Frame>> genuine, int lowest, int types, Round round) throws IOException {
        int refused = 0;
        for (int i = 0; i < rounds; i++) {
            byte[] whole = conversation(alter(genuine.get(random.nextInt(genuine.size())), lowest, types));
            byte[] said = random.nextInt(10) == 0 ? fuzz.mutate(whole) : random.nextInt(10) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole;
            long taken = THREADS.getTotalThreadAllocatedBytes();
            try {
                refused += round.run(said) ? 1 : 0;
            } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError("round " + i, e);
            }
            taken = THREADS.getTotalThreadAllocatedBytes() - taken;
            assertTrue(taken < MOST_BYTES, "round " + i + " took " + taken + " bytes of memory");
        }
        assertTrue(refused > rounds / 8, refused + " of " + rounds + " were refused");
    }

    private boolean isRefused(String client, MemoryStorage storage, byte[] said, ByteArrayOutputStream answers) throws IOException {
        try {
            serve(client, storage, new ByteArrayInputStream(said), answers);
            return false;
        } catch (CairnException asItShould) {
            return true;
        }
    }

    @Test
    void aClientThatMayOnlyAddGetsAndChangesNothingElse() throws IOException {
        Map<String, byte[]> old = content(before);
        byte[] signing = TestKeys.full(true, TwoLabs.ALICE).signer().publicKey();
        List<String> secrets = secrets(old, signing);
        assertTrue(secrets.size() >= 4, "bob has nothing to hide");
        Said read = read(bob, "bob", before.copy());
        assertTrue(secrets.stream().anyMatch(text(read.byServer.toByteArray())::contains), "what bob reads is not searched for");
        Said own = read(alice, "alice", before.copy());
        alice.write("d/more", 5_000, 3);
        List<List<Frame>> genuine = List.of(frames(backup(alice, "alice", before.copy()).byClient.toByteArray()),
                frames(own.byClient.toByteArray()), frames(read.byClient.toByteArray()));
        assertFalse(isRefused("alice", before.copy(), conversation(genuine.getFirst()), new ByteArrayOutputStream()));
        fuzz(ROUNDS, genuine, 60, 20, said -> {
            MemoryStorage storage = before.copy();
            ByteArrayOutputStream answers = new ByteArrayOutputStream();
            boolean refused = isRefused("alice", storage, said, answers);
            String text = text(answers.toByteArray());
            for (String secret : secrets) {
                assertFalse(text.contains(secret), "gave away what is bob's");
            }
            Map<String, byte[]> now = content(storage);
            old.forEach((name, file) -> assertArrayEquals(file, now.get(name), name));
            now.keySet().removeAll(old.keySet());
            for (Map.Entry<String, byte[]> file : now.entrySet()) {
                Kind kind = kindOf(file.getKey());
                assertTrue(kind == Kind.PACK || kind == Kind.INDEX || kind == Kind.RECORD || kind == Kind.SESSION, file.getKey());
                byte[] signer = Envelope.open(file.getValue(), kind, Streams.repository(), Ed25519::verify, file.getKey()).signer();
                if (kind != Kind.INDEX || signer != null) { // the server itself lists packs again whose index file did not come
                    assertArrayEquals(kind == Kind.RECORD ? TestKeys.full(true).signer().publicKey() : signing, signer, file.getKey());
                }
            }
            return refused;
        });
    }

    @Test
    void whoeverMayDoEverythingPublishesNoFileThatIsNotWhatItsNameSays() throws IOException {
        alice.write("d/more", 5_000, 3);
        List<List<Frame>> genuine = List.of(frames(backup(alice, null, before.copy()).byClient.toByteArray()),
                frames(read(alice, null, aliceAlone()).byClient.toByteArray()));
        fuzz(ROUNDS, genuine, 60, 20, said -> {
            MemoryStorage storage = before.copy();
            boolean refused = isRefused(null, storage, said, new ByteArrayOutputStream());
            for (Map.Entry<String, byte[]> file : content(storage).entrySet()) {
                Kind kind = kindOf(file.getKey());
                if (kind == Kind.PACK || kind == Kind.INDEX || kind == Kind.RECORD || kind == Kind.MARK) {
                    Hash hash = Envelope.open(file.getValue(), kind, Streams.repository(), null, file.getKey()).hash();
                    assertTrue(file.getKey().endsWith("/" + hash.hex()), file.getKey());
                }
            }
            return refused;
        });
    }

    private MemoryStorage aliceAlone() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        backup(alice, null, storage);
        return storage;
    }

    private static Kind kindOf(String name) {
        for (Kind kind : Kind.values()) {
            if (name.startsWith(kind.folder() + "/")) {
                return kind;
            }
        }
        return null;
    }

    @Test
    void aClientThatIsToldNonsenseFailsWithAnError() throws IOException {
        MemoryStorage storage = aliceAlone();
        List<List<Frame>> genuine = List.of(frames(read(alice, null, storage).byServer.toByteArray()));
        fuzz(ROUNDS, genuine, 127, 10, said -> {
            try {
                useAll(alice, new Link() {
                    private final InputStream in = new ByteArrayInputStream(said);

                    @Override
                    public InputStream in() {
                        return in;
                    }

                    @Override
                    public OutputStream out() {
                        return OutputStream.nullOutputStream();
                    }

                    @Override
                    public String location() {
                        return "nonsense";
                    }

                    @Override
                    public IOException lost(IOException cause) {
                        return cause instanceof CairnException ? cause : new LostException(ExitCode.FAILED, "it ended", null, cause);
                    }

                    @Override
                    public void close() {
                    }
                });
                return false;
            } catch (CairnException asItShould) {
                return true;
            }
        });
    }
}
