package cairn.key;

import cairn.chunk.ChunkParams;
import cairn.crypto.Rng;
import cairn.crypto.X25519;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.format.Signer;
import cairn.key.KeyList.Member;
import cairn.key.KeyList.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that changes who may do what. Each change is a list of new files, to be published in this order, none of
 * which replaces another: key ring, key list, access key. A change that stops half way has done no harm: a private key
 * sealed to somebody who is in no list, or a list that names a key that nobody has. If another publishes a list of the
 * same number first, the change is to be made again from the new list.
 */
public final class KeyChanges {
    private KeyChanges() {
    }

    /** A file to be published under a name. */
    public record NewFile(String name, byte[] content) {
    }

    /**
     * @param files in the order in which they are to be published
     * @param keys what the one who makes the change has afterwards
     */
    public record Change(List<NewFile> files, OpenedKeys keys) {
        public Change {
            files = List.copyOf(files);
        }
    }

    /**
     * What a repository begins with.
     *
     * @param lock of the first, full key; {@link Lock.Open} if and only if nothing is to be encrypted
     * @param settings that all clients share
     */
    public record Founding(RepositoryId repository, ChunkParams chunks, String keyName, Lock lock, boolean trustAll, SortedMap<String, String> settings,
            long nowMillis) {
    }

    /** The keys of a new repository. */
    public static Change found(Founding f) throws CairnException {
        boolean encrypted = !(f.lock() instanceof Lock.Open);
        byte[] own = AccessKey.newOwn();
        Signer signer = signer(own);
        Map<Integer, byte[]> privateKeys = encrypted ? Map.of(1, X25519.newPrivateKey()) : Map.of();
        List<RepositoryKey> publicKeys = encrypted ? List.of(new RepositoryKey(1, X25519.publicKey(privateKeys.get(1)), f.nowMillis())) : List.of();
        Member self = member(KeyName.check(f.keyName()), Role.FULL, own, signer.publicKey(), encrypted, f.nowMillis());
        KeyList list = new KeyList(1, Hash.ZERO, f.nowMillis(), f.trustAll(), publicKeys, List.of(self), f.settings());
        List<NewFile> files = new ArrayList<>();
        if (encrypted) {
            files.add(new NewFile(KeyRingFile.name(1), KeyRingFile.write(1, f.repository(), privateKeys, List.of(self.readingKey()), signer)));
        }
        Hash listHash = append(files, list, f.repository(), signer);
        AccessKey key = new AccessKey(f.repository(), f.keyName(), Role.FULL, encrypted, f.chunks(), own, signer.publicKey(), signer.publicKey(),
                new AccessKey.Floor(1, listHash), Rng.bytes(AccessKey.SECRET), list.currentKey());
        files.add(relock(key, f.lock(), 1));
        return new Change(files, new OpenedKeys(key, list, listHash, privateKeys, encrypted ? 1 : 0));
    }

    /** A new access key of any role, in a file of the repository under a lock. */
    public static Change add(OpenedKeys by, String name, Role role, Lock lock, long nowMillis) throws CairnException {
        Added added = addForClient(by, name, role, nowMillis);
        List<NewFile> files = new ArrayList<>(added.change().files());
        files.add(relock(added.key(), lock, 1));
        added.key().wipe();
        return new Change(files, added.change().keys());
    }

    /** A new access key that no file of the repository holds; its secrets are the caller's to wipe. */
    public record Added(Change change, AccessKey key) {
    }

    /** A new access key of any role that only its client will have ({@link ClientKey}). */
    public static Added addForClient(OpenedKeys by, String name, Role role, long nowMillis) throws CairnException {
        AccessKey giver = by.key();
        checkMay(by);
        if (by.list().byName(KeyName.check(name)) != null) {
            throw new CairnException(ExitCode.FAILED, "there is an access key '" + name + "' already", "choose another name");
        }
        if (!giver.encrypted() && role != Role.FULL) {
            throw new CairnException(ExitCode.REFUSED, "a repository that is not encrypted has full keys only, as anyone can read it",
                    "make one with encryption to give keys of the role '" + role.word() + "'");
        }
        byte[] own = AccessKey.newOwn();
        Signer signer = signer(own);
        Member member = member(name, role, own, signer.publicKey(), giver.encrypted(), nowMillis);
        List<NewFile> files = new ArrayList<>();
        int ring = by.ringNumber();
        if (member.readingKey() != null) {
            ring++;
            files.add(new NewFile(KeyRingFile.name(ring),
                    KeyRingFile.write(ring, giver.repository(), new TreeMap<>(by.privateKeys()), List.of(member.readingKey()), giver.signer())));
        }
        List<Member> members = new ArrayList<>(by.list().members());
        members.add(member);
        KeyList list = next(by, members, by.list().repositoryKeys(), by.list().trustAll(), by.list().settings(), nowMillis);
        Hash listHash = append(files, list, giver.repository(), giver.signer());
        AccessKey key = new AccessKey(giver.repository(), name, role, giver.encrypted(), giver.chunks(), own, signer.publicKey(), giver.verifyingKey(),
                new AccessKey.Floor(list.number(), listHash), role.writes() ? giver.naming().clone() : null, role.writes() ? list.currentKey() : null);
        return new Added(new Change(files, new OpenedKeys(giver, list, listHash, by.privateKeys(), ring)), key);
    }

    /**
     * Ends the use of an access key. What it could read it can still read, if its owner kept a copy: {@link #rotate}
     * keeps from it what comes later.
     */
    public static Change end(OpenedKeys by, String name, Standing standing, long nowMillis) throws CairnException {
        checkMay(by);
        Member ended = by.list().byName(name);
        if (standing == Standing.ACTIVE) {
            throw new IllegalArgumentException("a key that is active has not ended");
        }
        if (ended == null) {
            throw new CairnException(ExitCode.FAILED, "there is no access key '" + name + "'", "see 'cairn key list'");
        }
        List<Member> members = new ArrayList<>();
        boolean fullLeft = false;
        for (Member member : by.list().members()) {
            boolean same = member == ended;
            members.add(same ? new Member(name, member.role(), standing, member.signingKey(), member.readingKey(), member.addedMillis(), nowMillis) : member);
            fullLeft |= !same && member.active() && member.role() == Role.FULL;
        }
        if (!fullLeft) {
            throw new CairnException(ExitCode.REFUSED, "'" + name + "' is the last full access key: without it nobody could read the repository",
                    "add another full key first");
        }
        return change(by, new ArrayList<>(), next(by, members, by.list().repositoryKeys(), by.list().trustAll(), by.list().settings(), nowMillis),
                by.privateKeys(), by.ringNumber());
    }

    /** A new key pair for what is written from now on; old private keys stay in the ring. */
    public static Change rotate(OpenedKeys by, long nowMillis) throws CairnException {
        checkMay(by);
        if (!by.key().encrypted()) {
            throw new CairnException(ExitCode.REFUSED, "the repository is not encrypted, so it has no key to change", null);
        }
        byte[] privateKey = X25519.newPrivateKey();
        int number = by.list().currentKey().number() + 1;
        List<byte[]> recipients = new ArrayList<>();
        for (Member member : by.list().members()) {
            if (member.active() && member.readingKey() != null) {
                recipients.add(member.readingKey());
            }
        }
        int ring = by.ringNumber() + 1;
        List<NewFile> files = new ArrayList<>();
        files.add(new NewFile(KeyRingFile.name(ring),
                KeyRingFile.write(ring, by.key().repository(), Map.of(number, privateKey), recipients, by.key().signer())));
        List<RepositoryKey> keys = new ArrayList<>(by.list().repositoryKeys());
        keys.add(new RepositoryKey(number, X25519.publicKey(privateKey), nowMillis));
        Map<Integer, byte[]> privateKeys = new TreeMap<>(by.privateKeys());
        privateKeys.put(number, privateKey);
        return change(by, files, next(by, by.list().members(), keys, by.list().trustAll(), by.list().settings(), nowMillis), privateKeys, ring);
    }

    /** Other settings and trust for all clients. */
    public static Change set(OpenedKeys by, boolean trustAll, SortedMap<String, String> settings, long nowMillis) throws CairnException {
        checkMay(by);
        return change(by, new ArrayList<>(), next(by, by.list().members(), by.list().repositoryKeys(), trustAll, settings, nowMillis), by.privateKeys(),
                by.ringNumber());
    }

    /**
     * The file of an access key under a lock, for a new key or a new password.
     *
     * @param generation 1 for a new key, else one more than the highest there is; older files are to be deleted after
     */
    public static NewFile relock(AccessKey key, Lock lock, int generation) {
        return new NewFile(Kind.ACCESS_KEY.folder() + "/" + key.name() + (generation == 1 ? "" : "." + generation), AccessKeyFile.write(key, lock));
    }

    private static void checkMay(OpenedKeys by) throws CairnException {
        if (!by.list().maySignNext(by.key().signingKey())) {
            throw new CairnException(ExitCode.REFUSED, "the access key '" + by.key().name() + "' may not change keys or settings",
                    "use a key of the role 'full'");
        }
    }

    private static KeyList next(OpenedKeys by, List<Member> members, List<RepositoryKey> keys, boolean trustAll, SortedMap<String, String> settings, long now) {
        return new KeyList(by.list().number() + 1, by.listHash(), now, trustAll, keys, members, settings);
    }

    private static Change change(OpenedKeys by, List<NewFile> files, KeyList list, Map<Integer, byte[]> privateKeys, int ring) {
        Hash hash = append(files, list, by.key().repository(), by.key().signer());
        return new Change(files, new OpenedKeys(by.key(), list, hash, privateKeys, ring));
    }

    private static Hash append(List<NewFile> files, KeyList list, RepositoryId repository, Signer signer) {
        byte[] file = KeyListFile.write(list, repository, signer);
        files.add(new NewFile(KeyListFile.name(list.number()), file));
        return KeyListFile.hash(file);
    }

    private static Member member(String name, Role role, byte[] own, byte[] signingKey, boolean encrypted, long now) {
        byte[] reading = encrypted && role == Role.FULL ? X25519.publicKey(AccessKey.readingKey(own)) : null;
        return new Member(name, role, Standing.ACTIVE, signingKey, reading, now, 0);
    }

    private static Signer signer(byte[] own) {
        return Signer.ofSeed(AccessKey.signingSeed(own));
    }
}
