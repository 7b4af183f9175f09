package cairn.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import cairn.format.BlobId;
import cairn.format.BlobKind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlobHasherTest {
    private static final byte[] KEY = new byte[32];
    private static final byte[] PAYLOAD = {1, 2, 3, 4};

    @Test
    void bytesOfAReferenceCannotBecomeBytesOfThePayloadUnderTheSameId() {
        BlobHasher hasher = new BlobHasher(BlobKind.TREE, KEY);
        BlobId reference = new BlobId(1, 2, 3, 4);
        byte[] joined = Arrays.copyOf(reference.bytes(), BlobId.BYTES + PAYLOAD.length);
        System.arraycopy(PAYLOAD, 0, joined, BlobId.BYTES, PAYLOAD.length);
        BlobId with = hasher.id(List.of(reference), PAYLOAD, 0, PAYLOAD.length);
        assertNotEquals(with, hasher.id(List.of(), joined, 0, joined.length));
        byte[] numbered = Arrays.copyOf(joined, joined.length + 4);
        numbered[joined.length] = 1;
        assertNotEquals(with, hasher.id(List.of(), numbered, 0, numbered.length));
    }

    @Test
    void aPieceWithoutReferencesHasOneIdHoweverItIsAskedFor() {
        BlobHasher hasher = new BlobHasher(BlobKind.STAT, KEY);
        assertEquals(hasher.id(PAYLOAD, 0, 4), hasher.id(List.of(), PAYLOAD, 0, 4));
    }

    @Test
    void dataRefersToNothing() {
        BlobHasher hasher = new BlobHasher(BlobKind.DATA, KEY);
        assertThrows(IllegalArgumentException.class, () -> hasher.id(List.of(new BlobId(1, 2, 3, 4)), PAYLOAD, 0, 4));
    }
}
