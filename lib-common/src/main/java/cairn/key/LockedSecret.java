package cairn.key;

import cairn.crypto.Aead;
import cairn.crypto.Argon2;
import cairn.crypto.Rng;
import cairn.crypto.SealBrokenException;
import cairn.crypto.Wipe;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The secret of an access key behind its lock, as it stands in {@code keys/NAME} and on paper.
 *
 * <pre>
 * suite     u8       1: AES-256-GCM, X25519, Ed25519, HKDF-SHA256, keyed BLAKE3-256
 * role      u8       {@link Role}
 * lock      u8       0 none, 1 password, 2 key file
 * name      string   {@link KeyName}
 * salt      16       lock 1 and 2
 * memory    u32      lock 1: KiB of Argon2id version 1.3
 * passes    u32      lock 1
 * lanes     u8       lock 1
 * secret    string   lock 0: {@link SecretPart} itself; else sealed, 16 bytes longer
 * </pre>
 *
 * The wrapping key is Argon2id(password, salt) or HKDF-SHA256(key file, salt, "cairn key file v1"), 32 bytes. It seals
 * with AES-256-GCM under nonce 0; a fresh salt at each writing makes it a fresh key. Associated data: all that stands
 * before the secret's length, the header of the file or the page included.
 */
record LockedSecret(String what, Role role, int lock, String name, byte[] salt, Argon2.Params cost, byte[] associated, byte[] secret) {
    static final int SUITE = 1;
    static final int OPEN = 0;
    static final int PASSWORD = 1;
    static final int KEY_FILE = 2;

    /** Appends to what was written so far, all of which becomes associated data. @param plain is wiped */
    static void write(ByteWriter out, Role role, String name, Lock lock, byte[] plain) {
        byte[] salt = Rng.bytes(Lock.SALT);
        byte[] key = null;
        out.u8(SUITE).u8(role.code());
        switch (lock) {
            case Lock.Open _ -> out.u8(OPEN).string(ascii(name));
            case Lock.Password p -> {
                out.u8(PASSWORD).string(ascii(name)).bytes(salt).u32(p.cost().memoryKiB()).u32(p.cost().passes()).u8(p.cost().lanes());
                key = Argon2.derive(p.password(), salt, p.cost(), Aead.KEY);
            }
            case Lock.KeyFile k -> {
                out.u8(KEY_FILE).string(ascii(name)).bytes(salt);
                key = Lock.KeyFile.wrappingKey(k.secret(), salt);
            }
        }
        if (key == null) {
            out.string(plain);
        } else {
            byte[] sealed = new byte[plain.length + Aead.TAG];
            new Aead(key).seal(0, out.array(), 0, out.size(), plain, 0, plain.length, sealed, 0);
            out.string(sealed);
        }
        Wipe.bytes(plain, key);
    }

    /** @param all what the reader reads from, up to the end of which everything is checked @param from where associated data begins */
    static LockedSecret read(ByteReader in, byte[] all, int from, String what) throws DamagedException {
        int start = in.position();
        if (in.u8() != SUITE) {
            throw in.damaged("uses ciphers that this version does not know");
        }
        Role role = Role.of(in.u8());
        int lock = in.u8();
        String name = new String(in.string(), StandardCharsets.ISO_8859_1);
        if (role == null || lock > KEY_FILE || !KeyName.isValid(name)) {
            throw in.damaged("holds no role, lock or name that a version of cairn writes");
        }
        byte[] salt = lock == OPEN ? null : in.bytes(Lock.SALT);
        Argon2.Params cost = null;
        if (lock == PASSWORD) {
            try {
                cost = new Argon2.Params(in.u32(), in.u32(), in.u8());
            } catch (IllegalArgumentException e) {
                throw in.damaged("asks for a password cost that no version of cairn writes");
            }
        }
        byte[] associated = Arrays.copyOfRange(all, from, in.position());
        byte[] secret = in.string();
        in.end();
        if (start < from || lock != OPEN && secret.length < Aead.TAG) {
            throw in.damaged("holds too short a secret");
        }
        return new LockedSecret(what, role, lock, name, salt, cost, associated, secret);
    }

    /** @throws CairnException of {@link ExitCode#WRONG_PASSWORD} if the unlocker does not fit */
    byte[] unlock(Unlocker unlocker) throws CairnException {
        byte[] key;
        if (lock == OPEN && unlocker instanceof Unlocker.Nothing) {
            return secret.clone();
        } else if (lock == PASSWORD && unlocker instanceof Unlocker.Password p) {
            key = derive(p.password());
        } else if (lock == KEY_FILE && unlocker instanceof Unlocker.KeyFile k) {
            key = Lock.KeyFile.wrappingKey(k.secret(), salt);
        } else {
            throw unfit(unlocker);
        }
        byte[] plain = new byte[secret.length - Aead.TAG];
        try {
            new Aead(key).open(0, associated, 0, associated.length, secret, 0, secret.length, plain, 0);
            return plain;
        } catch (SealBrokenException e) {
            throw lock == PASSWORD
                    ? new CairnException(ExitCode.WRONG_PASSWORD, "wrong password for the access key '" + name + "'",
                    "try again, or choose another key with --key", e)
                    : new CairnException(ExitCode.WRONG_PASSWORD, "this key file does not open the access key '" + name + "'",
                            "use the key file that was made with it, or choose another key with --key", e);
        } finally {
            Wipe.bytes(key);
        }
    }

    private byte[] derive(byte[] password) throws CairnException {
        try {
            return Argon2.derive(password, salt, cost, Aead.KEY);
        } catch (OutOfMemoryError e) {
            throw new CairnException(ExitCode.FAILED, "not enough memory to check the password of the access key '" + name + "', which takes "
                    + (cost.memoryKiB() >> 10) + " MiB", "close other programs, or give java a larger heap", e);
        }
    }

    private CairnException unfit(Unlocker unlocker) {
        String given = switch (unlocker) {
            case Unlocker.Nothing _ -> "nothing";
            case Unlocker.Password _ -> "a password";
            case Unlocker.KeyFile _ -> "a key file";
        };
        return switch (lock) {
            case PASSWORD -> new CairnException(ExitCode.WRONG_PASSWORD, "the access key '" + name + "' is locked by a password, but " + given + " was given",
                    "use --password-file, --password-command or CAIRN_PASSWORD");
            case KEY_FILE -> new CairnException(ExitCode.WRONG_PASSWORD, "the access key '" + name + "' is locked by a key file, but " + given + " was given",
                    "use --key-file");
            default -> new CairnException(ExitCode.REFUSED, what + " is not locked, but " + given
                    + " was given: either the repository is not encrypted, or somebody put another one in its place",
                    "if the repository was made with --encryption none, give neither password nor key file");
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return what;
    }
}
