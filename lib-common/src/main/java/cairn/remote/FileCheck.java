package cairn.remote;

import cairn.format.DamagedException;
import cairn.format.Envelope;
import cairn.format.ForeignFileException;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.format.SignatureChecker;
import cairn.format.Signer;
import cairn.format.TooNewException;
import cairn.hash.Blake3;
import java.util.Arrays;

/**
 * Checks a file of a repository while it passes, as {@link Envelope#check} does one that is in memory: header, hash and
 * signature. Holds 160 bytes of it.
 */
public final class FileCheck {
    private final byte[] head = new byte[Envelope.HEADER];
    /** The last bytes, of which nobody knows yet whether the footer has begun. */
    private final byte[] tail = new byte[Envelope.SIGNED_FOOTER];
    private final Blake3 hasher = Blake3.hasher();
    private int held;
    private long length;

    /** What a file proved to be. {@code signer} is null if it is not signed. */
    public record Passed(Kind kind, Hash hash, byte[] signer) {
    }

    /** Takes the next bytes. */
    public void update(byte[] bytes, int start, int count) {
        if (length < head.length) {
            System.arraycopy(bytes, start, head, (int) length, (int) Math.min(count, head.length - length));
        }
        length += count;
        int push = held + count - tail.length;
        if (push <= 0) {
            System.arraycopy(bytes, start, tail, held, count);
            held += count;
            return;
        }
        int old = Math.min(push, held);
        hasher.update(tail, 0, old);
        System.arraycopy(tail, old, tail, 0, held - old);
        held -= old;
        int direct = push - old;
        hasher.update(bytes, start, direct);
        System.arraycopy(bytes, start + direct, tail, held, count - direct);
        held += count - direct;
    }

    /**
     * Judges the file when all of it has passed.
     *
     * @param repository the repository it must belong to, or null if any will do
     * @param checker    null to leave the signature unchecked
     */
    public Passed end(Kind kind, RepositoryId repository, SignatureChecker checker, String what)
            throws DamagedException, TooNewException, ForeignFileException {
        Envelope.Header header = Envelope.readHeader(head, 0, (int) Math.min(head.length, length), kind, repository, what);
        int footer = header.footer();
        if (length < Envelope.HEADER + footer) {
            throw new DamagedException(what, "is cut off after " + length + " bytes");
        }
        hasher.update(tail, 0, held - footer);
        byte[] hash = hasher.digest();
        int at = held - footer;
        if (!Arrays.equals(hash, 0, Hash.BYTES, tail, at, at + Hash.BYTES)) {
            throw new DamagedException(what, "does not have the hash that it ends with (cut off or altered)");
        }
        Hash value = Hash.read(hash, 0);
        byte[] signer = null;
        if (header.signed()) {
            signer = Arrays.copyOfRange(tail, at + Envelope.FOOTER, at + Envelope.FOOTER + Signer.PUBLIC_KEY_BYTES);
            byte[] signature = Arrays.copyOfRange(tail, held - Signer.SIGNATURE_BYTES, held);
            if (checker != null && !checker.verify(signer, Envelope.message(kind, header.repository(), value), signature)) {
                throw new DamagedException(what, "carries a signature that is not right");
            }
        }
        return new Passed(kind, value, signer);
    }
}
