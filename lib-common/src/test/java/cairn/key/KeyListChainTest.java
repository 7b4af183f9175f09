package cairn.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.DamagedException;
import cairn.format.Hash;
import cairn.format.Signer;
import cairn.key.KeyList.Member;
import cairn.key.KeyList.Standing;
import cairn.key.KeyListFile.Signed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyListChainTest {
    private OpenedKeys founder;
    private Signed first;
    private KeyChanges.Change withWriter;
    private Signed second;
    private AccessKey writer;

    @BeforeEach
    void twoLists() throws Exception {
        KeyChanges.Change founded = Samples.founded();
        founder = founded.keys();
        first = read(founded, 1);
        withWriter = KeyChanges.add(founder, "laptop", Role.WRITE, Samples.password("w"), Samples.NOW + 1);
        second = read(withWriter, 2);
        writer = AccessKeyFile.read(Samples.file(withWriter, "keys/laptop"), null, "keys/laptop").unlock(new Unlocker.Password(Samples.bytes("w")));
    }

    private static Signed read(KeyChanges.Change change, int number) throws CairnException {
        return KeyListFile.read(Samples.file(change, "keylist/" + number), number, Samples.REPOSITORY);
    }

    private Signed verified(Signed... lists) throws CairnException {
        return KeyListChain.verify(List.of(lists), founder.key(), founder.key().floor());
    }

    private Signed signed(KeyList list, Signer signer) throws CairnException {
        return KeyListFile.read(KeyListFile.write(list, Samples.REPOSITORY, signer), list.number(), Samples.REPOSITORY);
    }

    private static KeyList with(KeyList list, List<RepositoryKey> keys, List<Member> members) {
        return new KeyList(list.number(), list.previous(), list.timeMillis(), list.trustAll(), keys, members, list.settings());
    }

    private void refused(String because, Signed... lists) {
        String message = assertThrows(DamagedException.class, () -> verified(lists)).getMessage();
        assertTrue(message.contains(because), message);
    }

    @Test
    void onlyAListThatIsByteForByteTheOneBelievedNeedsNoSignature() throws Exception {
        byte[] file = Samples.file(withWriter, "keylist/2").clone();
        file[file.length - 1] ^= 1;
        assertEquals(second.hash(), KeyListFile.read(file, 2, Samples.REPOSITORY, second.hash()).hash());
        assertThrows(DamagedException.class, () -> KeyListFile.read(file, 2, Samples.REPOSITORY, first.hash()));
        assertThrows(DamagedException.class, () -> KeyListFile.read(file, 2, Samples.REPOSITORY));
        byte[] altered = Samples.file(withWriter, "keylist/2").clone();
        altered[altered.length / 4] ^= 1;
        assertThrows(DamagedException.class, () -> KeyListFile.read(altered, 2, Samples.REPOSITORY, second.hash()));
        assertEquals(new AccessKey.Floor(2, second.hash()), KeyListFile.believed(Samples.file(withWriter, "keylist/2"), Samples.REPOSITORY));
        assertThrows(DamagedException.class, () -> KeyListFile.believed(altered, Samples.REPOSITORY));
    }

    @Test
    void aListComesBackAsItWas() throws Exception {
        TreeMap<String, String> settings = new TreeMap<>();
        settings.put("compression", "19");
        settings.put("pack-size", "16777216");
        KeyChanges.Change set = KeyChanges.set(withWriter.keys(), true, settings, Samples.NOW + 2);
        KeyList list = read(set, 3).list();
        assertEquals(3, list.number());
        assertTrue(list.trustAll());
        assertEquals(settings, list.settings());
        assertEquals(Samples.NOW + 2, list.timeMillis());
        assertEquals(List.of("me (full)", "laptop (write)"), list.members().stream().map(Member::toString).toList());
        assertEquals(Samples.NOW + 1, list.members().get(1).addedMillis());
        assertNull(list.members().get(1).readingKey());
        assertEquals(1, list.currentKey().number());
    }

    @Test
    void theNewestListCounts() throws Exception {
        assertEquals(2, verified(first, second).list().number());
        assertEquals(2, KeyListChain.verify(List.of(second), writer, writer.floor()).list().number());
    }

    @Test
    void aRolledBackRepositoryIsNotBelieved() {
        CairnException gone = assertThrows(CairnException.class, () -> KeyListChain.verify(List.of(), writer, writer.floor()));
        assertEquals(ExitCode.DAMAGED, gone.exitCode());
        assertTrue(gone.getMessage().contains("keylist/2"), gone.getMessage());
        assertThrows(CairnException.class, () -> KeyListChain.verify(List.of(first), writer, writer.floor()));
        assertThrows(CairnException.class, () -> KeyListChain.verify(List.of(first), founder.key(), new AccessKey.Floor(2, second.hash())));
    }

    @Test
    void anotherRepositorysListIsNotBelieved() throws Exception {
        Signed other = read(Samples.founded(), 1);
        assertThrows(CairnException.class, () -> verified(other));
    }

    @Test
    void theFirstListMustBeTheFounders() throws Exception {
        Signed forged = signed(first.list(), writer.signer());
        AccessKey tricked = new AccessKey(Samples.REPOSITORY, "me", Role.FULL, true, Samples.CHUNKS, founder.key().own(), founder.key().signingKey(),
                founder.key().verifyingKey(), new AccessKey.Floor(1, forged.hash()), founder.key().naming(), founder.key().repositoryKey());
        String message = assertThrows(DamagedException.class, () -> KeyListChain.verify(List.of(forged), tricked, tricked.floor())).getMessage();
        assertTrue(message.contains("founded"), message);
    }

    @Test
    void onlyAFullKeyMaySignTheNextList() throws Exception {
        Signed byWriter = signed(new KeyList(3, second.hash(), 0, true, second.list().repositoryKeys(), second.list().members(), second.list().settings()),
                writer.signer());
        refused("may not change", first, second, byWriter);
        KeyChanges.Change other = Samples.founded();
        refused("may not change", first, signed(second.list(), other.keys().key().signer()));
    }

    @Test
    void aKeyThatWasEndedSignsNoMoreLists() throws Exception {
        KeyChanges.Change other = KeyChanges.add(founder, "other", Role.FULL, Samples.password("o"), 5);
        AccessKey otherKey = AccessKeyFile.read(Samples.file(other, "keys/other"), null, "x").unlock(new Unlocker.Password(Samples.bytes("o")));
        KeyChanges.Change ended = KeyChanges.end(other.keys(), "other", Standing.RETIRED, 6);
        Signed two = read(other, 2);
        Signed three = read(ended, 3);
        assertEquals(3, verified(first, two, three).list().number());
        Signed four = signed(new KeyList(4, three.hash(), 7, false, three.list().repositoryKeys(), three.list().members(), three.list().settings()),
                otherKey.signer());
        refused("may not change", first, two, three, four);
    }

    @Test
    void gapsForksAndRepetitionsAreRefused() throws Exception {
        KeyChanges.Change third = KeyChanges.rotate(withWriter.keys(), 9);
        refused("should be", first, read(third, 3));
        refused("should be", first, second, second);
        Signed fork = read(KeyChanges.rotate(founder, 9), 2);
        refused("does not follow", first, fork, read(third, 3));
        Signed wrongPrevious = signed(new KeyList(2, Hash.ZERO, 0, false, second.list().repositoryKeys(), second.list().members(), second.list().settings()),
                founder.key().signer());
        refused("does not follow", first, wrongPrevious);
    }

    @Test
    void nothingThatWasAnnouncedDisappears() throws Exception {
        KeyList list = second.list();
        Signer signer = founder.key().signer();
        refused("turns encryption", first, signed(with(list, List.of(), withoutReadingKeys(list.members())), signer));
        refused("leaves out a key of the repository",
                first, signed(with(list, List.of(new RepositoryKey(1, new byte[32], 0)), list.members()), signer));
        refused("access key 'me'", first, signed(with(list, list.repositoryKeys(), list.members().subList(1, 2)), signer));
        Member me = list.members().getFirst();
        Member renamed = new Member("you", me.role(), me.standing(), me.signingKey(), me.readingKey(), me.addedMillis(), 0);
        refused("access key 'me'", first, signed(with(list, list.repositoryKeys(), List.of(renamed)), signer));
    }

    private static List<Member> withoutReadingKeys(List<Member> members) {
        List<Member> out = new ArrayList<>();
        for (Member m : members) {
            out.add(new Member(m.name(), m.role(), m.standing(), m.signingKey(), null, m.addedMillis(), m.endedMillis()));
        }
        return out;
    }

    @Test
    void anEndedKeyIsNotTakenBack() throws Exception {
        KeyChanges.Change ended = KeyChanges.end(withWriter.keys(), "laptop", Standing.REVOKED, 6);
        Signed three = read(ended, 3);
        Signed back = signed(new KeyList(4, three.hash(), 7, false, three.list().repositoryKeys(), second.list().members(), three.list().settings()),
                founder.key().signer());
        refused("takes the access key 'laptop' back", first, second, three, back);
    }

    @Test
    void everyAlteredByteOfAListIsFound() throws Exception {
        byte[] file = Samples.file(withWriter, "keylist/2");
        for (int i = 0; i < file.length; i++) {
            byte[] altered = file.clone();
            altered[i] ^= 2;
            assertThrows(CairnException.class, () -> KeyListFile.read(altered, 2, Samples.REPOSITORY), "byte " + i);
            byte[] cut = Arrays.copyOf(file, i);
            assertThrows(CairnException.class, () -> KeyListFile.read(cut, 2, Samples.REPOSITORY), "length " + i);
        }
        assertThrows(DamagedException.class, () -> KeyListFile.read(file, 3, Samples.REPOSITORY));
    }

    @Test
    void trustFollowsRoleStandingAndSetting() throws Exception {
        KeyChanges.Change withServer = KeyChanges.add(withWriter.keys(), "nas", Role.SERVER, Samples.password("s"), 4);
        byte[] me = founder.key().signingKey();
        byte[] laptop = writer.signingKey();
        byte[] nas = withServer.keys().list().byName("nas").signingKey();
        KeyList list = withServer.keys().list();
        assertTrue(list.trustsContentOf(me) && list.trustsMarksOf(me) && list.maySignNext(me));
        assertFalse(list.trustsContentOf(laptop) || list.trustsMarksOf(laptop) || list.maySignNext(laptop));
        assertTrue(list.trustsMarksOf(nas));
        assertFalse(list.trustsContentOf(nas) || list.maySignNext(nas) || list.trustsMarksOf(new byte[32]) || list.trustsContentOf(new byte[32]));

        KeyChanges.Change all = KeyChanges.set(withServer.keys(), true, list.settings(), 5);
        assertTrue(all.keys().list().trustsContentOf(laptop));
        assertFalse(all.keys().list().trustsContentOf(nas));
        KeyList retired = KeyChanges.end(all.keys(), "laptop", Standing.RETIRED, 6).keys().list();
        assertTrue(retired.trustsContentOf(laptop));
        KeyList revoked = KeyChanges.end(all.keys(), "nas", Standing.REVOKED, 6).keys().list();
        assertFalse(revoked.trustsMarksOf(nas));
    }
}
