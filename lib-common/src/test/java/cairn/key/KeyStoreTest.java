package cairn.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.crypto.X25519;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.Kind;
import cairn.key.KeyList.Standing;
import cairn.key.Samples.Given;
import cairn.store.AlreadyStoredException;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyStoreTest {
    private final MemoryStorage storage = new MemoryStorage();
    private KeyChanges.Change founded;

    @BeforeEach
    void repository() throws Exception {
        founded = Samples.founded();
        KeyStore.publish(storage, founded);
    }

    private OpenedKeys open(String keyName, Given given) throws IOException {
        return KeyStore.open(storage, keyName, given, null);
    }

    private CairnException refused(String keyName, Given given) {
        return assertThrows(CairnException.class, () -> open(keyName, given));
    }

    private OpenedKeys apply(KeyChanges.Change change) throws IOException {
        KeyStore.publish(storage, change);
        return change.keys();
    }

    @Test
    void theFounderOpensWithThePassword() throws Exception {
        OpenedKeys opened = open(null, Given.word("secret"));
        assertEquals("me", opened.key().name());
        assertEquals(1, opened.privateKeys().size());
        assertArrayEquals(opened.list().currentKey().publicKey(), X25519.publicKey(opened.privateKeys().get(1)));
        assertTrue(opened.canRestoreAll());
        assertEquals(founded.keys().floor(), opened.floor());
    }

    @Test
    void aWrongPasswordIsToldApart() {
        CairnException one = refused(null, Given.word("wrong"));
        assertEquals(ExitCode.WRONG_PASSWORD, one.exitCode());
        assertTrue(one.getMessage().contains("'me'"), one.getMessage());
        assertTrue(refused("you", Given.word("secret")).getMessage().contains("'you'"));
        assertEquals("its access keys are: me", refused("you", Given.word("secret")).remedy());
    }

    @Test
    void ofSeveralKeysTheOneThatFitsOpens() throws Exception {
        OpenedKeys now = apply(KeyChanges.add(founded.keys(), "anna", Role.FULL, Samples.password("anna's"), 1));
        now = apply(KeyChanges.add(now, "laptop", Role.WRITE, Samples.password("laptop's"), 2));
        Lock.KeyFile lock = Lock.KeyFile.random();
        apply(KeyChanges.add(now, "nas", Role.SERVER, lock, 3));
        assertEquals("anna", open(null, Given.word("anna's")).key().name());
        assertEquals("me", open(null, Given.word("secret")).key().name());
        assertEquals("laptop", open("laptop", Given.word("laptop's")).key().name());
        assertEquals("nas", open(null, Given.file(KeyFileText.write(Samples.REPOSITORY, "nas", lock))).key().name());
        CairnException none = refused(null, Given.word("nobody's"));
        assertEquals(ExitCode.WRONG_PASSWORD, none.exitCode());
        assertTrue(none.getMessage().contains("anna, laptop, me"), none.getMessage());
        assertTrue(refused("nas", Given.nothing()).remedy().contains("--key-file"));
        assertEquals(List.of("anna", "laptop", "me", "nas"), KeyStore.list(storage, new ArrayList<>()).stream().map(AccessKeyFile::name).toList());
    }

    @Test
    void rolesHoldWhatTheyNeedAndNoMore() throws Exception {
        OpenedKeys now = apply(KeyChanges.add(founded.keys(), "laptop", Role.WRITE, Samples.password("l"), 2));
        now = apply(KeyChanges.add(now, "nas", Role.SERVER, Samples.password("s"), 3));
        OpenedKeys laptop = open("laptop", Given.word("l"));
        assertTrue(laptop.privateKeys().isEmpty());
        assertFalse(laptop.canRestoreAll());
        assertArrayEquals(now.key().naming(), laptop.key().naming());
        OpenedKeys nas = open("nas", Given.word("s"));
        assertTrue(nas.privateKeys().isEmpty() && nas.key().naming() == null && nas.key().repositoryKey() == null);
        assertEquals(ExitCode.REFUSED, assertThrows(CairnException.class, () -> KeyChanges.rotate(laptop, 4)).exitCode());
        assertEquals(ExitCode.REFUSED,
                assertThrows(CairnException.class, () -> KeyChanges.add(nas, "x", Role.FULL, Samples.password("x"), 4)).exitCode());
    }

    @Test
    void afterARotationAllFullKeysReadOldAndNewAndWritersSealToTheNew() throws Exception {
        OpenedKeys now = apply(KeyChanges.add(founded.keys(), "laptop", Role.WRITE, Samples.password("l"), 1));
        now = apply(KeyChanges.add(now, "anna", Role.FULL, Samples.password("a"), 2));
        now = apply(KeyChanges.rotate(now, 3));
        now = apply(KeyChanges.add(now, "bert", Role.FULL, Samples.password("b"), 4));
        assertEquals(2, now.list().currentKey().number());
        for (Given given : new Given[] {Given.word("secret"), Given.word("a"), Given.word("b")}) {
            OpenedKeys opened = open(null, given);
            assertTrue(opened.canRestoreAll());
            assertEquals(2, opened.privateKeys().size());
            assertArrayEquals(now.privateKeys().get(2), opened.privateKeys().get(2));
        }
        assertEquals(2, open("laptop", Given.word("l")).list().currentKey().number());
    }

    @Test
    void aRemovedKeyOpensNoMoreAndTheLastFullKeyStays() throws Exception {
        assertEquals(ExitCode.REFUSED, assertThrows(CairnException.class, () -> KeyChanges.end(founded.keys(), "me", Standing.RETIRED, 1)).exitCode());
        OpenedKeys now = apply(KeyChanges.add(founded.keys(), "laptop", Role.WRITE, Samples.password("l"), 1));
        assertThrows(CairnException.class, () -> KeyChanges.end(founded.keys(), "nobody", Standing.RETIRED, 1));
        apply(KeyChanges.end(now, "laptop", Standing.RETIRED, 2));
        CairnException e = refused("laptop", Given.word("l"));
        assertEquals(ExitCode.REFUSED, e.exitCode());
        assertTrue(e.getMessage().contains("removed"), e.getMessage());
    }

    @Test
    void aNewPasswordReplacesTheOld() throws Exception {
        assertEquals("keys/me.2", KeyStore.relock(storage, founded.keys().key(), Samples.password("new")));
        assertEquals(ExitCode.WRONG_PASSWORD, refused(null, Given.word("secret")).exitCode());
        assertEquals("me", open(null, Given.word("new")).key().name());
        assertEquals("keys/me.3", KeyStore.relock(storage, founded.keys().key(), Samples.password("newer")));
        assertEquals("me", open("me", Given.word("newer")).key().name());
        assertTrue(storage.stat("keys/me").isEmpty() && storage.stat("keys/me.2").isEmpty());
    }

    @Test
    void ofTwoGenerationsTheLaterCounts() throws Exception {
        byte[] old = Samples.file(founded, "keys/me");
        KeyStore.relock(storage, founded.keys().key(), Samples.password("new"));
        storage.write("keys/me", old);
        assertEquals(ExitCode.WRONG_PASSWORD, refused(null, Given.word("secret")).exitCode());
        assertEquals("me", open(null, Given.word("new")).key().name());
    }

    @Test
    void aKeyFileOpensAndOneWithoutItIsToldWhatIsMissing() throws Exception {
        MemoryStorage other = new MemoryStorage();
        Lock.KeyFile lock = Lock.KeyFile.random();
        KeyStore.publish(other, Samples.founded(lock));
        byte[] text = KeyFileText.write(Samples.REPOSITORY, "me", lock);
        assertEquals("me", KeyStore.open(other, null, Given.file(text), null).key().name());
        CairnException without = assertThrows(CairnException.class, () -> KeyStore.open(other, null, Given.nothing(), null));
        assertEquals(ExitCode.WRONG_PASSWORD, without.exitCode());
        assertTrue(without.remedy().contains("--key-file"), without.remedy());
        byte[] wrong = KeyFileText.write(Samples.REPOSITORY, "me", Lock.KeyFile.random());
        assertEquals(ExitCode.WRONG_PASSWORD,
                assertThrows(CairnException.class, () -> KeyStore.open(other, null, Given.file(wrong), null)).exitCode());
    }

    @Test
    void withoutEncryptionNothingIsNeededAndAnythingGivenIsRefused() throws Exception {
        MemoryStorage open = new MemoryStorage();
        KeyStore.publish(open, Samples.founded(new Lock.Open()));
        OpenedKeys keys = KeyStore.open(open, null, Given.nothing(), null);
        assertTrue(keys.canRestoreAll() && keys.privateKeys().isEmpty());
        assertEquals(ExitCode.REFUSED, assertThrows(CairnException.class, () -> KeyStore.open(open, null, Given.word("secret"), null)).exitCode());
        assertEquals(ExitCode.REFUSED,
                assertThrows(CairnException.class, () -> KeyChanges.add(keys, "laptop", Role.WRITE, new Lock.Open(), 1)).exitCode());
        assertEquals(ExitCode.REFUSED, assertThrows(CairnException.class, () -> KeyChanges.rotate(keys, 1)).exitCode());
    }

    @Test
    void anOpenFileBesideLockedOnesIsNeverUsed() throws Exception {
        storage.write("keys/aaa", Samples.file(Samples.founded(new Lock.Open()), "keys/me"));
        assertTrue(open(null, Given.word("secret")).key().encrypted());
    }

    @Test
    void aClientThatSawALaterListBelievesNoOlder() throws Exception {
        KeyChanges.Change rotated = KeyChanges.rotate(founded.keys(), 1);
        AccessKey.Floor seen = rotated.keys().floor();
        CairnException e = assertThrows(CairnException.class, () -> KeyStore.open(storage, null, Given.word("secret"), id -> seen));
        assertEquals(ExitCode.DAMAGED, e.exitCode());
        apply(rotated);
        assertEquals(2, KeyStore.open(storage, null, Given.word("secret"), id -> seen).list().number());
    }

    @Test
    void aRingThatGivesOtherKeysIsNotBelieved() throws Exception {
        MemoryStorage forged = new MemoryStorage();
        for (KeyChanges.NewFile file : founded.files()) {
            if (!file.name().startsWith(Kind.KEY_RING.folder())) {
                forged.write(file.name(), file.content());
            }
        }
        byte[] reading = founded.keys().list().members().getFirst().readingKey();
        byte[] evil = X25519.newPrivateKey();
        forged.write("keyring/1", KeyRingFile.write(1, Samples.REPOSITORY, Map.of(1, evil), List.of(reading), founded.keys().key().signer()));
        CairnException e = assertThrows(CairnException.class, () -> KeyStore.open(forged, null, Given.word("secret"), null));
        assertEquals(ExitCode.DAMAGED, e.exitCode());
        assertTrue(e.getMessage().contains("keyring"), e.getMessage());
    }

    @Test
    void everyAlteredByteOfTheRingIsFound() {
        byte[] file = Samples.file(founded, "keyring/1");
        for (int i = 0; i < file.length; i++) {
            byte[] altered = file.clone();
            altered[i] ^= 1;
            storage.damage("keyring/1", altered);
            assertThrows(CairnException.class, () -> open(null, Given.word("secret")), "byte " + i);
        }
    }

    @Test
    void aDamagedKeyFileIsNotAWrongPassword() {
        byte[] file = Samples.file(founded, "keys/me").clone();
        file[60] ^= 1;
        storage.damage("keys/me", file);
        CairnException e = refused(null, Given.word("secret"));
        assertEquals(ExitCode.DAMAGED, e.exitCode());
        assertTrue(e.getMessage().contains("keys/me"), e.getMessage());
    }

    @Test
    void twoWhoChangeAtOnceCollideInsteadOfForking() throws Exception {
        apply(KeyChanges.rotate(founded.keys(), 1));
        KeyChanges.Change late = KeyChanges.set(founded.keys(), true, founded.keys().list().settings(), 2);
        assertThrows(AlreadyStoredException.class, () -> KeyStore.publish(storage, late));
    }

    @Test
    void namesOfKeysAreChecked() {
        for (String name : new String[] {"", "a.b", "a/b", "ä", "x".repeat(65), ".."}) {
            assertEquals(ExitCode.USAGE,
                    assertThrows(CairnException.class, () -> KeyChanges.add(founded.keys(), name, Role.WRITE, Samples.password("x"), 1)).exitCode(), name);
        }
        assertThrows(CairnException.class, () -> KeyChanges.add(founded.keys(), "me", Role.WRITE, Samples.password("x"), 1));
    }

    private byte[] paper(Lock lock) throws Exception {
        return PaperKey.print(founded.keys(), lock, Instant.EPOCH).getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aPaperKeyOpensWhereAllKeyFilesAreLost() throws Exception {
        Given page = new Given(paper(Samples.password("on paper")), "on paper");
        MemoryStorage ruin = new MemoryStorage();
        OpenedKeys opened = KeyStore.open(ruin, null, page, null);
        assertTrue(opened.canRestoreAll());
        assertArrayEquals(founded.keys().privateKeys().get(1), opened.privateKeys().get(1));
        assertArrayEquals(founded.keys().key().naming(), opened.key().naming());
        assertEquals(Samples.CHUNKS, opened.key().chunks());
        assertEquals(ExitCode.WRONG_PASSWORD, assertThrows(CairnException.class,
                () -> KeyStore.open(ruin, null, new Given(page.keyFile(), "other"), null)).exitCode());
    }

    @Test
    void aPaperKeyFromBeforeARotationStillReadsAllByTheRing() throws Exception {
        Given page = Given.file(paper(new Lock.Open()));
        apply(KeyChanges.rotate(founded.keys(), 1));
        assertTrue(open(null, page).canRestoreAll());
        storage.delete("keyring/2");
        OpenedKeys half = open(null, page);
        assertFalse(half.canRestoreAll());
        assertEquals(List.of(2), half.unreadable());
    }

    @Test
    void aPaperKeyOfAKeyThatCannotReadIsNotPrinted() throws Exception {
        apply(KeyChanges.add(founded.keys(), "laptop", Role.WRITE, Samples.password("l"), 1));
        OpenedKeys laptop = open("laptop", Given.word("l"));
        assertEquals(ExitCode.REFUSED, assertThrows(CairnException.class, () -> PaperKey.print(laptop, new Lock.Open(), Instant.EPOCH)).exitCode());
    }
}
