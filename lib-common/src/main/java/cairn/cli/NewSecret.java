package cairn.cli;

import cairn.crypto.Argon2;
import cairn.crypto.Wipe;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.RepositoryId;
import cairn.key.KeyFileText;
import cairn.key.Lock;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Passwords and key files for new access keys. */
public final class NewSecret {
    private NewSecret() {}

    /**
     * Asks for a new password, twice.
     *
     * @param what  for the prompt: {@code new password}
     * @param other how else a password or a key file can be given
     */
    public static byte[] ask(CommandContext context, String what, String other) throws IOException {
        byte[] first = context.terminal().askSecret(what + ": ");
        if (first == null) {
            throw new CairnException(ExitCode.WRONG_PASSWORD, "no password given for the new key, and no terminal to ask on",
                    other);
        }
        if (first.length == 0) throw new CairnException(ExitCode.WRONG_PASSWORD, "an empty password protects nothing", "choose another, or use a key file");
        byte[] second = context.terminal().askSecret(what + " again: ");
        boolean same = Arrays.equals(first, second);
        if (second != null) Wipe.bytes(second);
        if (!same) {
            Wipe.bytes(first);
            throw new CairnException(ExitCode.WRONG_PASSWORD, "the two passwords differ", "try again");
        }
        return first;
    }

    /** A lock by a password, at the cost that this machine bears. */
    public static Lock lock(byte[] password) {
        return new Lock.Password(password, Argon2.calibrate());
    }

    /** Writes a key file that only its owner can read; never over another. */
    public static void writeKeyFile(byte[] file, RepositoryId repository, String keyName, Lock.KeyFile lock) throws IOException {
        write(file, KeyFileText.write(repository, keyName, lock));
    }

    /** Writes a client key into a file that only its owner can read; never over another. */
    public static void writeClientKey(byte[] file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void write(byte[] file, byte[] text) throws IOException {
        try {
            PrivateFile.create(file, text);
        } catch (PosixException e) {
            if (!e.isExists()) throw e;
            throw new CairnException(ExitCode.FAILED, "there is a file '" + RawString.printable(file)
                    + "' already, and a new key file is never written over one",
                    "name another file, or move that one away", e);
        } finally {
            Wipe.bytes(text);
        }
    }
}
