package cairn.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.DamagedException;
import cairn.format.Envelope;
import cairn.format.ForeignFileException;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AccessKeyFileTest {
    private static AccessKey reopened(byte[] file, Unlocker unlocker) throws CairnException {
        return AccessKeyFile.read(file, Samples.REPOSITORY, "keys/x").unlock(unlocker);
    }

    private static void same(AccessKey expected, AccessKey actual) {
        assertEquals(expected.repository(), actual.repository());
        assertEquals(expected.name(), actual.name());
        assertEquals(expected.role(), actual.role());
        assertEquals(expected.encrypted(), actual.encrypted());
        assertEquals(expected.chunks(), actual.chunks());
        assertEquals(expected.floor(), actual.floor());
        assertArrayEquals(expected.own(), actual.own());
        assertArrayEquals(expected.signingKey(), actual.signingKey());
        assertArrayEquals(expected.verifyingKey(), actual.verifyingKey());
        assertArrayEquals(expected.naming(), actual.naming());
        if (expected.repositoryKey() == null) {
            assertNull(actual.repositoryKey());
        } else {
            assertEquals(expected.repositoryKey().number(), actual.repositoryKey().number());
            assertArrayEquals(expected.repositoryKey().publicKey(), actual.repositoryKey().publicKey());
        }
    }

    @Test
    void everyRoleComesBackUnderEveryLock() throws Exception {
        OpenedKeys founder = Samples.founded().keys();
        Lock.KeyFile keyFile = Lock.KeyFile.random();
        for (Role role : Role.values()) {
            KeyChanges.Change byPassword = KeyChanges.add(founder, "p", role, Samples.password("pw"), Samples.NOW);
            AccessKey key = reopened(Samples.file(byPassword, "keys/p"), new Unlocker.Password(Samples.bytes("pw")));
            assertEquals(role, key.role());
            assertEquals(role != Role.SERVER, key.naming() != null);
            assertEquals(role != Role.SERVER, key.repositoryKey() != null);
            same(key, reopened(AccessKeyFile.write(key, keyFile), new Unlocker.KeyFile(keyFile.secret())));
        }
        same(founder.key(), reopened(AccessKeyFile.write(founder.key(), keyFile), new Unlocker.KeyFile(keyFile.secret())));
    }

    @Test
    void withoutEncryptionTheFileIsOpen() throws Exception {
        KeyChanges.Change founded = Samples.founded(new Lock.Open());
        AccessKey key = reopened(Samples.file(founded, "keys/me"), new Unlocker.Nothing());
        assertFalse(key.encrypted());
        assertNull(key.repositoryKey());
        assertNotNull(key.naming());
        same(founded.keys().key(), key);
    }

    @Test
    void aPasswordForAnOpenFileIsRefusedBecauseTheFileMayBeATrap() throws Exception {
        byte[] open = Samples.file(Samples.founded(new Lock.Open()), "keys/me");
        CairnException e = assertThrows(CairnException.class, () -> reopened(open, new Unlocker.Password(Samples.bytes("secret"))));
        assertEquals(ExitCode.REFUSED, e.exitCode());
        assertThrows(CairnException.class, () -> reopened(open, new Unlocker.KeyFile(new byte[32])));
    }

    @Test
    void anOpenFileThatClaimsEncryptionIsDamaged() throws Exception {
        byte[] open = Samples.file(Samples.founded(new Lock.Open()), "keys/me");
        byte[] body = Arrays.copyOfRange(open, Envelope.HEADER, open.length - Envelope.FOOTER);
        int encrypted = 3 + 1 + 2 + 2; // suite, role, lock; name "me" behind its length; length of the secret, two bytes
        assertEquals(0, body[encrypted]);
        body[encrypted] = 1;
        byte[] longer = Arrays.copyOf(body, body.length + 33);
        int length = body.length - encrypted + 33;
        longer[encrypted - 2] = (byte) (length | 0x80);
        longer[encrypted - 1] = (byte) (length >> 7);
        longer[body.length] = 1;
        byte[] file = Envelope.close(Kind.ACCESS_KEY, Samples.REPOSITORY, longer, null);
        String message = assertThrows(DamagedException.class, () -> reopened(file, new Unlocker.Nothing())).getMessage();
        assertTrue(message.contains("not locked"), message);
    }

    @Test
    void aWrongPasswordNamesTheKey() throws Exception {
        byte[] file = Samples.file(Samples.founded(), "keys/me");
        CairnException e = assertThrows(CairnException.class, () -> reopened(file, new Unlocker.Password(Samples.bytes("Secret"))));
        assertEquals(ExitCode.WRONG_PASSWORD, e.exitCode());
        assertTrue(e.getMessage().contains("'me'"), e.getMessage());
        e = assertThrows(CairnException.class, () -> reopened(file, new Unlocker.KeyFile(new byte[32])));
        assertEquals(ExitCode.WRONG_PASSWORD, e.exitCode());
        assertTrue(e.getMessage().contains("locked by a password"), e.getMessage());
        assertThrows(CairnException.class, () -> reopened(file, new Unlocker.Nothing()));
    }

    @Test
    void everyAlteredByteIsFound() throws Exception {
        byte[] file = Samples.file(Samples.founded(), "keys/me");
        for (int i = 0; i < file.length; i++) {
            byte[] altered = file.clone();
            altered[i] ^= 0x20;
            assertThrows(CairnException.class, () -> AccessKeyFile.read(altered, Samples.REPOSITORY, "keys/me"), "byte " + i);
        }
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThrows(CairnException.class, () -> AccessKeyFile.read(cut, Samples.REPOSITORY, "keys/me"), "length " + length);
        }
    }

    /** As by somebody who alters a file and then makes its footer right again. */
    @Test
    void everyAlteredByteUnderARightFooterIsFound() throws Exception {
        Lock.KeyFile lock = Lock.KeyFile.random();
        byte[] file = AccessKeyFile.write(Samples.founded().keys().key(), lock);
        byte[] body = Arrays.copyOfRange(file, Envelope.HEADER, file.length - Envelope.FOOTER);
        Unlocker right = new Unlocker.KeyFile(lock.secret());
        for (int i = 0; i < body.length; i++) {
            byte[] altered = body.clone();
            altered[i] ^= 1;
            byte[] forged = Envelope.close(Kind.ACCESS_KEY, Samples.REPOSITORY, altered, null);
            assertThrows(CairnException.class, () -> reopened(forged, right), "byte " + i);
        }
        byte[] moved = Envelope.close(Kind.ACCESS_KEY, new RepositoryId(7, 7), body, null);
        assertThrows(ForeignFileException.class, () -> reopened(moved, right));
        assertEquals(ExitCode.WRONG_PASSWORD,
                assertThrows(CairnException.class, () -> AccessKeyFile.read(moved, null, "keys/x").unlock(right)).exitCode());
    }

    @Test
    void secretsStandNeitherInTheFileNorInWhatIsPrinted() throws Exception {
        KeyChanges.Change founded = Samples.founded();
        AccessKey key = founded.keys().key();
        String file = HexFormat.of().formatHex(Samples.file(founded, "keys/me"));
        for (byte[] secret : new byte[][] {key.own(), key.naming(), Samples.bytes("secret")}) {
            assertFalse(file.contains(HexFormat.of().formatHex(secret)));
        }
        for (Object printed : new Object[] {key, founded.keys(), Samples.password("secret"), new Unlocker.Password(Samples.bytes("secret")),
            Lock.KeyFile.random(), new Unlocker.KeyFile(new byte[32]), founded.keys().list().currentKey()}) {
            assertFalse(printed.toString().contains("[") || printed.toString().contains("secret"), printed.toString());
        }
        assertTrue(new String(Samples.file(founded, "keys/me"), StandardCharsets.ISO_8859_1).contains("me"));
    }

    @Test
    void twoFilesOfOneKeyShareNoByteOfTheSecret() throws Exception {
        AccessKey key = Samples.founded().keys().key();
        Lock.KeyFile lock = Lock.KeyFile.random();
        byte[] one = AccessKeyFile.write(key, lock);
        byte[] two = AccessKeyFile.write(key, lock);
        assertFalse(Arrays.equals(one, two));
        assertFalse(Arrays.equals(one, Envelope.HEADER + 6, Envelope.HEADER + 22, two, Envelope.HEADER + 6, Envelope.HEADER + 22));
    }

    @Test
    void wipingEndsAKey() throws Exception {
        AccessKey key = Samples.founded().keys().key();
        key.wipe();
        assertArrayEquals(new byte[32], key.own());
        assertArrayEquals(new byte[32], key.naming());
    }
}
