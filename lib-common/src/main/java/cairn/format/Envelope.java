package cairn.format;

import cairn.hash.Blake3;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What every file of a repository opens and closes with, so that "not ours", "cut off", "altered" and "too new" are
 * four different, cheap diagnoses, made without any key.
 *
 * <pre>
 * header, 32 bytes:
 *   magic        8   89 43 41 49 52 4E 0D 0A   ("\x89CAIRN\r\n")
 *   kind         1   {@link Kind}
 *   version      1   1
 *   flags        2   bit 0: signed
 *   repository  16   {@link RepositoryId}
 *   reserved     4   0
 * body
 * footer, 32 or 128 bytes:
 *   hash        32   BLAKE3-256 of all before it; also the file's name where files are named by content
 *   signer      32   Ed25519 public key        } only if signed
 *   signature   64   over the signed message   }
 *
 * signed message: "cairn signature v1" 00 kind(1) repository(16) hash(32)
 * </pre>
 */
public final class Envelope {
    public static final int HEADER = 32;
    public static final int FOOTER = 32;
    public static final int SIGNED_FOOTER = FOOTER + Signer.PUBLIC_KEY_BYTES + Signer.SIGNATURE_BYTES;
    public static final int VERSION = 1;
    private static final byte[] MAGIC = {(byte) 0x89, 'C', 'A', 'I', 'R', 'N', '\r', '\n'};
    private static final byte[] DOMAIN = "cairn signature v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int SIGNED = 1;

    private Envelope() {
    }

    /** The header of a file, decoded. */
    public record Header(Kind kind, boolean signed, RepositoryId repository) {
        /** Bytes that follow the body. */
        public int footer() {
            return signed ? SIGNED_FOOTER : FOOTER;
        }
    }

    /** A file that was checked as far as it can be without knowing whom to believe. {@code signer} is null if unsigned. */
    public record Opened(Header header, byte[] file, Hash hash, byte[] signer) {
        public int bodyLength() {
            return file.length - HEADER - header.footer();
        }

        public ByteReader body(String what) {
            return new ByteReader(file, HEADER, bodyLength(), what);
        }
    }

    /** Writes the header's 32 bytes. */
    public static void header(byte[] to, int offset, Kind kind, RepositoryId repository, boolean signed) {
        System.arraycopy(MAGIC, 0, to, offset, MAGIC.length);
        to[offset + 8] = kind.code();
        to[offset + 9] = VERSION;
        Bytes.putShort(to, offset + 10, signed ? SIGNED : 0);
        repository.write(to, offset + 12);
        Bytes.putInt(to, offset + 28, 0);
    }

    /** The footer that closes a file whose bytes so far have the given hash. */
    public static byte[] footer(Kind kind, RepositoryId repository, Hash hash, Signer signer) {
        if (signer == null) {
            return hash.bytes();
        }
        byte[] footer = Arrays.copyOf(hash.bytes(), SIGNED_FOOTER);
        System.arraycopy(signer.publicKey(), 0, footer, FOOTER, Signer.PUBLIC_KEY_BYTES);
        System.arraycopy(signer.sign(message(kind, repository, hash)), 0, footer, FOOTER + Signer.PUBLIC_KEY_BYTES, Signer.SIGNATURE_BYTES);
        return footer;
    }

    /** A whole file around a body. @param signer null for a file without a signature */
    public static byte[] close(Kind kind, RepositoryId repository, byte[] body, Signer signer) {
        byte[] file = new byte[HEADER + body.length + (signer == null ? FOOTER : SIGNED_FOOTER)];
        header(file, 0, kind, repository, signer != null);
        System.arraycopy(body, 0, file, HEADER, body.length);
        int end = HEADER + body.length;
        byte[] hash = new byte[Hash.BYTES];
        Blake3.hasher().hash(file, 0, end, hash, 0);
        byte[] footer = footer(kind, repository, Hash.read(hash, 0), signer);
        System.arraycopy(footer, 0, file, end, footer.length);
        return file;
    }

    /**
     * Decodes a header. That it is too new or foreign is to be believed only of a file that is whole: see {@link Whole}.
     *
     * @param what the file's name, for messages
     * @param repository the repository it must belong to, or null if any will do
     */
    public static Header readHeader(byte[] file, int offset, int length, Kind kind, RepositoryId repository, String what)
            throws DamagedException, TooNewException, ForeignFileException {
        if (length < HEADER) {
            throw new DamagedException(what, "is cut off after " + length + " bytes");
        }
        if (!Arrays.equals(file, offset, offset + MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new DamagedException(what, "does not begin as a file of cairn does");
        }
        int version = file[offset + 9] & 0xFF;
        if (version > VERSION) {
            throw new TooNewException(what, version, VERSION);
        }
        Kind found = Kind.of(file[offset + 8]);
        int flags = Bytes.getShort(file, offset + 10);
        if (version == 0 || found == null || (flags & ~SIGNED) != 0 || Bytes.getInt(file, offset + 28) != 0) {
            throw new DamagedException(what, "has a header that no version of cairn writes");
        }
        if (found != kind) {
            throw new ForeignFileException(what, "it is a file for " + found.folder() + "/, not for " + kind.folder() + "/");
        }
        RepositoryId owner = RepositoryId.read(file, offset + 12);
        if (repository != null && !owner.equals(repository)) {
            throw new ForeignFileException(what, "it is of the repository " + owner + ", not of " + repository);
        }
        return new Header(found, (flags & SIGNED) != 0, owner);
    }

    /**
     * Checks a whole file: hash, header, and the signature against the key that the file itself names. Whether that
     * key is to be believed is for the caller to decide. The hash comes first, so that a bit that turned in the header is
     * called damage, and not a later version.
     *
     * @param checker null to leave the signature unchecked
     */
    public static Opened open(byte[] file, Kind kind, RepositoryId repository, SignatureChecker checker, String what)
            throws DamagedException, TooNewException, ForeignFileException {
        Checked checked = check(file, file.length, kind, repository, checker, what);
        return new Opened(checked.header, file, checked.hash, checked.signer);
    }

    /** What {@link #check} found. {@code signer} is null if unsigned. */
    public record Checked(Header header, Hash hash, byte[] signer) {
    }

    /** As {@link #open}, for a file that fills only the first {@code length} bytes of an array. */
    public static Checked check(byte[] file, int length, Kind kind, RepositoryId repository, SignatureChecker checker, String what)
            throws DamagedException, TooNewException, ForeignFileException {
        boolean signed = length >= HEADER && (Bytes.getShort(file, 10) & SIGNED) != 0;
        int end = length - (signed ? SIGNED_FOOTER : FOOTER);
        if (end < HEADER) {
            throw new DamagedException(what, "is cut off after " + length + " bytes");
        }
        byte[] hash = new byte[Hash.BYTES];
        Blake3.hasher().hash(file, 0, end, hash, 0);
        if (!Arrays.equals(hash, 0, Hash.BYTES, file, end, end + Hash.BYTES)) {
            throw new DamagedException(what, "does not have the hash that it ends with (cut off or altered)");
        }
        Header header = readHeader(file, 0, length, kind, repository, what);
        Hash value = Hash.read(hash, 0);
        byte[] signer = null;
        if (header.signed()) {
            signer = Arrays.copyOfRange(file, end + FOOTER, end + FOOTER + Signer.PUBLIC_KEY_BYTES);
            byte[] signature = Arrays.copyOfRange(file, length - Signer.SIGNATURE_BYTES, length);
            if (checker != null && !checker.verify(signer, message(kind, header.repository(), value), signature)) {
                throw new DamagedException(what, "carries a signature that is not right");
            }
        }
        return new Checked(header, value, signer);
    }

    /** The bytes that a signature covers. */
    public static byte[] message(Kind kind, RepositoryId repository, Hash hash) {
        byte[] message = Arrays.copyOf(DOMAIN, DOMAIN.length + 1 + RepositoryId.BYTES + Hash.BYTES);
        message[DOMAIN.length] = kind.code();
        repository.write(message, DOMAIN.length + 1);
        hash.write(message, DOMAIN.length + 1 + RepositoryId.BYTES);
        return message;
    }
}
