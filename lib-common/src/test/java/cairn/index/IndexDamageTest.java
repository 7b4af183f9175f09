package cairn.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.CairnException;
import cairn.format.BlobId;
import cairn.format.Bytes;
import cairn.format.DamagedException;
import cairn.format.Envelope;
import cairn.format.ForeignFileException;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.format.TooNewException;
import cairn.hash.Blake3;
import cairn.index.IndexFixture.Entry;
import cairn.store.FaultyStorage;
import cairn.store.FaultyStorage.Fault;
import cairn.store.FaultyStorage.Operation;
import cairn.store.FaultyStorage.PlannedFault;
import cairn.store.MemoryStorage;
import cairn.store.RecordingStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class IndexDamageTest {
    private final MemoryStorage storage = new MemoryStorage();
    private final TreeSet<Entry> entries =
            IndexFixture.entries(IntStream.range(0, 400).map(i -> i * 7).boxed().toList(), 6);
    private String name;
    private byte[] whole;
    private Hash hash;

    @BeforeEach
    void writeOneFile() throws IOException {
        hash = IndexFixture.write(storage, 1, entries);
        name = IndexFile.name(hash);
        whole = storage.readAll(name, 1 << 20);
    }

    private void flip(int at, int mask) {
        byte[] bad = whole.clone();
        bad[at] ^= (byte) mask;
        storage.damage(name, bad);
    }

    private static void assertNames(String name, CairnException e) {
        assertTrue(e.getMessage().contains(name), e.getMessage());
    }

    @Test
    void everyFlippedBitIsFoundByACheck() {
        for (int at = 0; at < whole.length; at++) {
            for (int mask : new int[] {1, 128}) {
                flip(at, mask);
                CairnException e = assertThrows(
                        CairnException.class,
                        () -> IndexCheck.check(IndexFixture.open(storage, hash), IndexFixture.CHECKER),
                        "byte " + at);
                assertNames(name, e);
            }
        }
    }

    @Test
    void noFlippedBitMakesALookUpSaySomethingElse() throws IOException {
        int refused = 0;
        for (int at = 0; at < whole.length; at++) {
            flip(at, 4);
            try {
                IndexReader file = IndexFixture.open(storage, hash);
                file.keepFilter();
                for (int number = 0; number < 400; number += 1 + at % 40) {
                    BlobId id = IndexFixture.id(number);
                    assertEquals(IndexFixture.of(entries, id), IndexFixture.lookup(file, id), "byte " + at);
                }
            } catch (CairnException e) {
                assertNames(name, e);
                refused++;
            }
        }
        assertTrue(refused > whole.length / 2, refused + " of " + whole.length);
    }

    @Test
    void aFileCutOffAnywhereIsFoundWhenItIsOpened() {
        for (int length = 0; length < whole.length; length++) {
            storage.damage(name, Arrays.copyOf(whole, length));
            assertNames(name, assertThrows(CairnException.class, () -> IndexFixture.open(storage, hash)));
        }
    }

    @Test
    void aFileWithMoreBehindItIsFoundWhenItIsOpened() {
        for (int more : new int[] {1, 48, 3076}) {
            storage.damage(name, Arrays.copyOf(whole, whole.length + more));
            assertNames(name, assertThrows(DamagedException.class, () -> IndexFixture.open(storage, hash)));
        }
    }

    @Test
    void aFileOfZerosOrOfAnotherProgramIsDamaged() {
        storage.damage(name, new byte[whole.length]);
        assertNames(name, assertThrows(DamagedException.class, () -> IndexFixture.open(storage, hash)));
    }

    @Test
    void aFileOfAnotherKindOrRepositoryOrVersionIsSaidSo() {
        byte[] other = whole.clone();
        Envelope.header(other, 0, Kind.PACK, IndexFixture.REPOSITORY, true);
        storage.damage(name, withRightHash(other));
        assertNames(name, assertThrows(ForeignFileException.class, () -> IndexFixture.open(storage, hash)));
        Envelope.header(other, 0, Kind.INDEX, new RepositoryId(8, 8), true);
        storage.damage(name, withRightHash(other));
        assertNames(name, assertThrows(ForeignFileException.class, () -> IndexFixture.open(storage, hash)));
        Envelope.header(other, 0, Kind.INDEX, IndexFixture.REPOSITORY, true);
        other[9] = 2;
        storage.damage(name, withRightHash(other));
        assertNames(name, assertThrows(TooNewException.class, () -> IndexFixture.open(storage, hash)));
    }

    @Test
    void aBitThatTurnedInTheHeaderIsDamageAndNoOtherKindRepositoryOrVersion() {
        for (int at = 0; at < Envelope.HEADER; at++) {
            flip(at, 2);
            assertNames(name, assertThrows(DamagedException.class, () -> IndexFixture.open(storage, hash)));
        }
    }

    private static byte[] withRightHash(byte[] file) {
        int end = file.length - Envelope.SIGNED_FOOTER;
        Blake3.hasher().hash(file, 0, end, file, end);
        return file;
    }

    @Test
    void aWholeFileUnderAWrongNameIsFound() throws IOException {
        Hash wrong = IndexFixture.pack(3);
        storage.write(IndexFile.name(wrong), whole);
        DamagedException e = assertThrows(
                DamagedException.class,
                () -> IndexCheck.check(IndexFixture.open(storage, wrong), IndexFixture.CHECKER));
        assertTrue(e.getMessage().contains("named by"), e.getMessage());
    }

    @Test
    void aForgedSignatureIsFound() {
        for (int back : new int[] {1, 64, 65, 96}) {
            flip(whole.length - back, 1);
            DamagedException e = assertThrows(
                    DamagedException.class,
                    () -> IndexCheck.check(IndexFixture.open(storage, hash), IndexFixture.CHECKER));
            assertTrue(e.getMessage().contains("signature"), e.getMessage());
        }
    }

    @Test
    void entriesOutOfOrderAreFoundThoughAllChecksumsAreRight() throws IOException {
        byte[] bad = whole.clone();
        int block = Envelope.HEADER;
        byte[] first = Arrays.copyOfRange(bad, block, block + IndexFile.ENTRY);
        System.arraycopy(bad, block + IndexFile.ENTRY, bad, block, IndexFile.ENTRY);
        System.arraycopy(first, 0, bad, block + IndexFile.ENTRY, IndexFile.ENTRY);
        int length = IndexFile.BLOCK - 4;
        Bytes.putInt(bad, block + length, IndexFile.checksum(bad, block, length));
        byte[] resealed = reseal(bad);
        Hash forged = Hash.read(resealed, resealed.length - Envelope.SIGNED_FOOTER);
        storage.write(IndexFile.name(forged), resealed);
        DamagedException e = assertThrows(
                DamagedException.class,
                () -> IndexCheck.check(IndexFixture.open(storage, forged), IndexFixture.CHECKER));
        assertTrue(e.getMessage().contains("out of order"), e.getMessage());
    }

    private byte[] reseal(byte[] file) {
        byte[] body = Arrays.copyOfRange(file, Envelope.HEADER, file.length - Envelope.SIGNED_FOOTER);
        return Envelope.close(Kind.INDEX, IndexFixture.REPOSITORY, body, IndexFixture.signer(1));
    }

    @Test
    void aCheckReadsEveryByte() throws IOException {
        RecordingStorage recording = new RecordingStorage(storage);
        IndexCheck.check(IndexFixture.open(recording, hash), IndexFixture.CHECKER);
        assertEquals(List.of(), recording.unread(""));
    }

    @Test
    void aSetGoesOnWithoutADamagedFileAndSaysSo() throws IOException {
        TreeSet<Entry> others = IndexFixture.entries(List.of(10_002, 10_003), 2);
        IndexFixture.write(storage, 1, others);
        for (int at : new int[] {whole.length - Envelope.SIGNED_FOOTER - 3, Envelope.HEADER + 5}) {
            flip(at, 1);
            List<CairnException> said = new ArrayList<>();
            IndexSet set = IndexSet.open(storage, IndexFixture.REPOSITORY, 0, said::add);
            for (Entry other : others) {
                assertEquals(IndexFixture.of(others, other.id()), IndexFixture.lookup(set, other.id()));
            }
            for (Entry entry : entries) {
                set.locations(entry.id());
            }
            assertEquals(1, said.size());
            assertNames(name, said.getFirst());
            assertThrows(DamagedException.class, () -> {
                IndexSet strict = IndexSet.open(storage, IndexFixture.REPOSITORY, 0, null);
                for (Entry entry : entries) {
                    strict.locations(entry.id());
                }
            });
        }
    }

    @Test
    void aFileThatCannotBeReadNowIsNeverLeftOut() throws IOException {
        try (FaultyStorage faulty = new FaultyStorage(storage).plan(Operation.READ, name, 1, Fault.FAIL)) {
            assertThrows(
                    PlannedFault.class, () -> IndexSet.open(faulty, IndexFixture.REPOSITORY, 0, e -> {}));
        }
    }

    @Test
    void aFileOfALaterVersionIsNeverLeftOut() {
        byte[] later = whole.clone();
        later[9] = 2;
        storage.damage(name, withRightHash(later));
        assertThrows(
                TooNewException.class, () -> IndexSet.open(storage, IndexFixture.REPOSITORY, 0, e -> {}));
    }
}
