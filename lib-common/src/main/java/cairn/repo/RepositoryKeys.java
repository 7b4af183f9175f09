package cairn.repo;

import cairn.chunk.ChunkParams;
import cairn.chunk.GearTable;
import cairn.crypto.Hkdf;
import cairn.crypto.Hpke;
import cairn.crypto.Rng;
import cairn.crypto.SealBrokenException;
import cairn.crypto.X25519;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.BlobKind;
import cairn.format.Bytes;
import cairn.format.DamagedException;
import cairn.format.RepositoryId;
import cairn.format.Signer;
import cairn.hash.Blake3;
import cairn.key.KeyList;
import cairn.key.OpenedKeys;
import cairn.key.RepositoryKey;
import cairn.pack.BlobHasher;
import cairn.pack.Capsule;
import cairn.pack.PackSeal;
import cairn.pack.Section;
import cairn.record.RecordHead.Token;
import cairn.tree.CutKey;
import cairn.tree.LinkGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What an unlocked access key lets a program do: name, seal, open and sign. All names (blob ids, cuts, tokens, link
 * groups) come from one naming secret of 32 bytes through HKDF-SHA256, one label each; all seals from session keys.
 */
public final class RepositoryKeys {
    private static final byte[] SESSION_INFO = "cairn session v1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PACK_INFO = "cairn pack v1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RECORD_INFO = "cairn record v1".getBytes(StandardCharsets.US_ASCII);

    private final RepositoryId repository;
    private final boolean encrypted;
    private final byte[] naming;
    private final ChunkParams chunks;
    private final int publicKeyNumber;
    private final byte[] publicKey;
    private final Map<Integer, byte[]> privateKeys;
    private final Signer signer;
    private final Trust trust;
    private final byte[] localSecret;
    private final Map<Capsule, byte[]> sessionKeys = new ConcurrentHashMap<>();

    /**
     * @param naming      32 bytes
     * @param publicKey   the repository's X25519 key that new sessions are sealed to; null if not encrypted
     * @param privateKeys key number to X25519 private key; empty with a key that cannot read
     */
    public RepositoryKeys(RepositoryId repository, boolean encrypted, byte[] naming, ChunkParams chunks, int publicKeyNumber,
            byte[] publicKey, Map<Integer, byte[]> privateKeys, Signer signer, Trust trust) {
        this(repository, encrypted, naming, chunks, publicKeyNumber, publicKey, privateKeys, signer, trust, null);
    }

    private RepositoryKeys(RepositoryId repository, boolean encrypted, byte[] naming, ChunkParams chunks, int publicKeyNumber,
            byte[] publicKey, Map<Integer, byte[]> privateKeys, Signer signer, Trust trust, byte[] localSecret) {
        this.repository = repository;
        this.encrypted = encrypted;
        this.naming = naming;
        this.chunks = chunks;
        this.publicKeyNumber = publicKeyNumber;
        this.publicKey = publicKey;
        this.privateKeys = privateKeys;
        this.signer = signer;
        this.trust = trust;
        this.localSecret = localSecret;
    }

    /**
     * What can be done without any key: check hashes, signatures and references. Whose word counts is taken from a key
     * list that nobody vouches for: enough to tell what is stored, not to delete anything by.
     *
     * @param list may be null
     */
    public static RepositoryKeys without(RepositoryId repository, KeyList list) {
        return without(repository, new ListTrust(list, null));
    }

    /** As {@link #without(RepositoryId, KeyList)}, by another judgement of whose word counts. */
    public static RepositoryKeys without(RepositoryId repository, Trust trust) {
        return new RepositoryKeys(repository, true, null, null, 0, null, Map.of(), null, trust);
    }

    /** What the keys of an access key let a program do. */
    public static RepositoryKeys of(OpenedKeys opened) {
        Trust trust = new ListTrust(opened.list(), opened.key().role().writes() ? opened.key().signingKey() : null);
        RepositoryKey sealTo = opened.list().currentKey();
        return new RepositoryKeys(opened.key().repository(), opened.key().encrypted(), opened.key().naming(), opened.key().chunks(),
                sealTo == null ? 0 : sealTo.number(), sealTo == null ? null : sealTo.publicKey(), opened.privateKeys(), opened.key().signer(), trust,
                opened.key().naming() == null ? null : opened.key().localSecret());
    }

    /**
     * The keys of what this access key keeps on its own disk ({@link LocalTrees}): the same names, sealed to a key pair
     * that is made from the access key's own secret. Null for a key that does not write.
     */
    RepositoryKeys local() {
        if (localSecret == null) {
            return null;
        }
        return new RepositoryKeys(repository, encrypted, naming, chunks, 1, encrypted ? X25519.publicKey(localSecret) : null,
                encrypted ? Map.of(1, localSecret) : Map.of(), signer, trust);
    }

    /** @throws CairnException of {@link ExitCode#REFUSED} if this key cannot name content, so that it can add nothing */
    public RepositoryKeys requireNames() throws CairnException {
        if (naming == null) {
            throw new CairnException(ExitCode.REFUSED, "this key only checks and prunes: it cannot add backups", "use a key of the role 'write' or 'full'");
        }
        return this;
    }

    /** That content, names or attributes were asked for and the key must not know them. */
    public CairnException cannotRead() {
        return new CairnException(ExitCode.REFUSED, signer == null ? "without a key nothing that is stored can be read"
                : naming == null ? "this key only checks and prunes: it cannot read what is stored"
                : "this key only adds backups: it cannot read any, its own included", "use a key of the role 'full'");
    }

    public RepositoryId repository() {
        return repository;
    }

    public boolean encrypted() {
        return encrypted;
    }

    /** Whether sealed content can be opened. */
    public boolean canRead() {
        return !encrypted || !privateKeys.isEmpty();
    }

    /** Whether this key knows the names of things: ids of blobs and tokens. */
    public boolean names() {
        return naming != null;
    }

    public ChunkParams chunks() {
        return chunks;
    }

    public Signer signer() {
        return signer;
    }

    public Trust trust() {
        return trust;
    }

    private byte[] derive(String label, int bytes) {
        return Hkdf.derive(naming, new byte[0], label.getBytes(StandardCharsets.US_ASCII), bytes);
    }

    /** A new hasher for blob ids of a kind, for one thread. */
    public BlobHasher hasher(BlobKind kind) {
        return new BlobHasher(kind, switch (kind) {
            case DATA -> derive("cairn blob id v1 data", 32);
            case TREE -> derive("cairn blob id v1 tree", 32);
            case STAT -> derive("cairn blob id v1 stat", 32);
        });
    }

    public GearTable gearTable() {
        return GearTable.of(derive("cairn gear v1", 32));
    }

    public CutKey cutKey() {
        byte[] key = derive("cairn directory cut v1", 16);
        return new CutKey(Bytes.getLong(key, 0), Bytes.getLong(key, 8));
    }

    /** The token that stands for a text in the clear part of records. @param purpose keeps equal texts of two uses apart */
    public Token token(String purpose, String text) {
        return token(purpose, text.getBytes(StandardCharsets.UTF_8));
    }

    public Token token(String purpose, byte[] text) {
        byte[] out = keyed("cairn token v1 " + purpose, text);
        return new Token(Bytes.getLong(out, 0), Bytes.getLong(out, 8));
    }

    /** Gives link groups: a keyed hash of the path of the first entry of each. */
    public Function<byte[], LinkGroup> linkGroups() {
        byte[] key = derive("cairn link group v1", 32);
        return path -> {
            byte[] out = new byte[32];
            Blake3 hasher = Blake3.keyed(key);
            hasher.hash(path, 0, path.length, out, 0);
            return new LinkGroup(Bytes.getLong(out, 0), Bytes.getLong(out, 8));
        };
    }

    private byte[] keyed(String label, byte[] text) {
        byte[] out = new byte[32];
        Blake3.keyed(derive(label, 32)).hash(text, 0, text.length, out, 0);
        return out;
    }

    /** The session key of a running writer with its capsule. */
    public final class SessionSeal {
        private final byte[] sessionKey = Rng.bytes(32);
        private final Capsule capsule;

        private SessionSeal() {
            Hpke.Sealed sealed = Hpke.seal(publicKey, sessionInfo(), new byte[0], sessionKey);
            capsule = new Capsule(publicKeyNumber, sealed.encapsulated(), sealed.ciphertext());
        }

        /** Seals for packs, a fresh one at each call. */
        public PackSeal forPack() {
            return seal(PACK_INFO);
        }

        /** The seal of a record. */
        public PackSeal forRecord() {
            return seal(RECORD_INFO);
        }

        private PackSeal seal(byte[] info) {
            byte[] salt = Rng.bytes(Section.SALT);
            return new PackSeal(new Section(capsule, salt), Hkdf.derive(sessionKey, salt, info, 32));
        }
    }

    /** A new session key sealed to the repository, or null in one that is not encrypted. */
    public SessionSeal newSession() {
        if (!encrypted) {
            return null;
        }
        SessionSeal seal = new SessionSeal();
        sessionKeys.put(seal.capsule, seal.sessionKey);
        return seal;
    }

    /** The key of the blobs of a section of a pack. */
    public byte[] packKey(Section section) throws IOException {
        return Hkdf.derive(sessionKey(section.capsule()), section.salt(), PACK_INFO, 32);
    }

    /** The key of the sealed part of a record; null for a section that is null. */
    public byte[] recordKey(Section section) throws IOException {
        return section == null ? null : Hkdf.derive(sessionKey(section.capsule()), section.salt(), RECORD_INFO, 32);
    }

    private byte[] sessionInfo() {
        byte[] info = Arrays.copyOf(SESSION_INFO, SESSION_INFO.length + RepositoryId.BYTES);
        repository.write(info, SESSION_INFO.length);
        return info;
    }

    private byte[] sessionKey(Capsule capsule) throws IOException {
        byte[] known = sessionKeys.get(capsule);
        if (known != null) {
            return known;
        }
        byte[] privateKey = privateKeys.get(capsule.keyNumber());
        if (privateKey == null) {
            throw privateKeys.isEmpty() ? cannotRead() : new DamagedException("a capsule", "names the repository key " + capsule.keyNumber()
                    + ", which the key ring does not hold");
        }
        byte[] opened;
        try {
            opened = Hpke.open(privateKey, capsule.encapsulated(), sessionInfo(), new byte[0], capsule.sealedKey());
        } catch (SealBrokenException e) {
            throw new DamagedException("a capsule", "does not open with the repository key " + capsule.keyNumber(), e);
        }
        if (sessionKeys.size() >= 65536) {
            sessionKeys.clear();
        }
        sessionKeys.put(capsule, opened);
        return opened;
    }
}
