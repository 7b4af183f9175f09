package cairn.key;

import cairn.crypto.Ed25519;
import cairn.error.CairnException;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.Bytes;
import cairn.format.DamagedException;
import cairn.format.Envelope;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.format.Signer;
import cairn.key.KeyList.Member;
import cairn.key.KeyList.Standing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code keylist/N}: a {@link KeyList}, signed.
 *
 * <pre>
 * header                 32, {@link Envelope}, kind 3, signed
 * number                 u32      N, from 1
 * previous               32       hash of keylist/(N-1); zeros if N is 1
 * time                   u64      milliseconds since 1970
 * trust                  u8       0 own and full keys, 1 all
 * repository keys        varint   count; 0 if nothing is encrypted. Each:
 *   number               varint   rising
 *   public key           32       X25519
 *   since                u64      milliseconds since 1970
 * members                varint   count. Each:
 *   name                 string   {@link KeyName}
 *   role                 u8       {@link Role}
 *   standing             u8       0 active, 1 retired, 2 revoked
 *   signing key          32       Ed25519
 *   reading key          32       X25519; only if the role is full and the repository encrypted
 *   added                u64      milliseconds since 1970
 *   ended                u64      the same; 0 while active
 * settings               varint   count. Each, sorted by name:
 *   name                 string   ASCII
 *   value                string   UTF-8
 * footer                 128, {@link Envelope}
 * </pre>
 *
 * Which signatures count is the matter of {@link KeyListChain}.
 */
public final class KeyListFile {
    public static final int MOST_BYTES = 1 << 22;

    private KeyListFile() {
    }

    /** A list as it was found, with its hash and who signed it (which the signature proves, and nothing else yet). */
    public record Signed(KeyList list, Hash hash, byte[] signer) {
    }

    static String name(int number) {
        return Kind.KEY_LIST.folder() + "/" + number;
    }

    public static byte[] write(KeyList list, RepositoryId repository, Signer signer) {
        ByteWriter out = new ByteWriter();
        out.u32(list.number()).hash(list.previous()).u64(list.timeMillis()).u8(list.trustAll() ? 1 : 0);
        out.varint(list.repositoryKeys().size());
        for (RepositoryKey key : list.repositoryKeys()) {
            out.varint(key.number()).bytes(key.publicKey()).u64(key.sinceMillis());
        }
        out.varint(list.members().size());
        for (Member member : list.members()) {
            out.string(member.name().getBytes(StandardCharsets.US_ASCII)).u8(member.role().code()).u8(member.standing().code()).bytes(member.signingKey());
            if (member.readingKey() != null) {
                out.bytes(member.readingKey());
            }
            out.u64(member.addedMillis()).u64(member.endedMillis());
        }
        out.varint(list.settings().size());
        for (Map.Entry<String, String> setting : list.settings().entrySet()) {
            out.string(setting.getKey().getBytes(StandardCharsets.US_ASCII)).string(setting.getValue().getBytes(StandardCharsets.UTF_8));
        }
        return Envelope.close(Kind.KEY_LIST, repository, out.toBytes(), signer);
    }

    /** The hash that a file closes with. */
    static Hash hash(byte[] file) {
        return Hash.read(file, file.length - Envelope.SIGNED_FOOTER);
    }

    /** Reads a list and checks its signature against the key that the file itself names. */
    public static Signed readAny(byte[] file, RepositoryId repository) throws CairnException {
        if (file.length < Envelope.HEADER + 4) {
            throw new DamagedException("a key list", "is cut off");
        }
        return read(file, Bytes.getInt(file, Envelope.HEADER), repository);
    }

    /** What a list that was believed once is known by. Its signature was checked then, and is not again. */
    public static AccessKey.Floor believed(byte[] file, RepositoryId repository) throws CairnException {
        Envelope.Opened opened = Envelope.open(file, Kind.KEY_LIST, repository, null, "a key list");
        return new AccessKey.Floor(opened.body("a key list").u32(), opened.hash());
    }

    /** Reads the list of a number. */
    public static Signed read(byte[] file, int number, RepositoryId repository) throws CairnException {
        return read(file, number, repository, null);
    }

    /** As above; the signature of the one whose hash is known from when it was believed says nothing more, and is not checked. */
    static Signed read(byte[] file, int number, RepositoryId repository, Hash believed) throws CairnException {
        String what = name(number);
        boolean known = believed != null && file.length >= Envelope.SIGNED_FOOTER && believed.equals(hash(file));
        Envelope.Opened opened = Envelope.open(file, Kind.KEY_LIST, repository, known ? null : Ed25519::verify, what);
        ByteReader in = opened.body(what);
        if (opened.signer() == null) {
            throw in.damaged("is not signed");
        }
        int found = in.u32();
        if (found != number || number < 1) {
            throw in.damaged("is number " + found + " under another name");
        }
        Hash previous = in.hash();
        long time = in.u64();
        int trust = in.u8();
        if (trust > 1) {
            throw in.damaged("holds a trust that no version of cairn writes");
        }
        List<RepositoryKey> keys = repositoryKeys(in);
        List<Member> members = members(in, !keys.isEmpty());
        SortedMap<String, String> settings = settings(in);
        in.end();
        return new Signed(new KeyList(number, previous, time, trust == 1, keys, members, settings), opened.hash(), opened.signer());
    }

    private static List<RepositoryKey> repositoryKeys(ByteReader in) throws DamagedException {
        int count = in.varint(in.remaining());
        List<RepositoryKey> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = in.varint(Integer.MAX_VALUE);
            if (number <= (keys.isEmpty() ? 0 : keys.getLast().number())) {
                throw in.damaged("holds keys of the repository out of order");
            }
            keys.add(new RepositoryKey(number, in.bytes(32), in.u64()));
        }
        return keys;
    }

    private static List<Member> members(ByteReader in, boolean encrypted) throws DamagedException {
        int count = in.varint(in.remaining());
        List<Member> members = new ArrayList<>();
        Set<String> active = new HashSet<>();
        Set<Hash> signing = new HashSet<>();
        for (int i = 0; i < count; i++) {
            String name = new String(in.string(), StandardCharsets.ISO_8859_1);
            Role role = Role.of(in.u8());
            Standing standing = Standing.of(in.u8());
            if (!KeyName.isValid(name) || role == null || standing == null) {
                throw in.damaged("holds a key of no name, role or standing that a version of cairn writes");
            }
            byte[] signingKey = in.bytes(32);
            byte[] readingKey = encrypted && role == Role.FULL ? in.bytes(32) : null;
            Member member = new Member(name, role, standing, signingKey, readingKey, in.u64(), in.u64());
            if (!signing.add(Hash.read(signingKey, 0)) || member.active() && !active.add(name)) {
                throw in.damaged("names the access key '" + name + "' twice");
            }
            members.add(member);
        }
        return members;
    }

    private static SortedMap<String, String> settings(ByteReader in) throws DamagedException {
        int count = in.varint(in.remaining());
        TreeMap<String, String> settings = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            byte[] raw = in.string();
            String name = new String(raw, StandardCharsets.US_ASCII);
            if (!settings.isEmpty() && settings.lastKey().compareTo(name) >= 0 || !Arrays.equals(raw, name.getBytes(StandardCharsets.US_ASCII))) {
                throw in.damaged("holds settings out of order");
            }
            settings.put(name, new String(in.string(), StandardCharsets.UTF_8));
        }
        return settings;
    }
}
