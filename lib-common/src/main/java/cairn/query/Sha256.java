package cairn.query;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of a file's bytes, holes as the zeros that they read as. */
public final class Sha256 implements FileContent.Sink {
    private static final byte[] ZEROS = new byte[64 << 10];

    private final MessageDigest digest;

    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void data(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
    }

    @Override
    public void hole(long length) {
        for (long left = length; left > 0; left -= ZEROS.length) {
            digest.update(ZEROS, 0, (int) Math.min(left, ZEROS.length));
        }
    }

    /** 64 hexadecimal digits; ends the computation. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
