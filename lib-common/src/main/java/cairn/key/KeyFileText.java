package cairn.key;

import cairn.error.CairnException;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.RepositoryId;
import java.nio.charset.StandardCharsets;

/**
 * A key file: the random secret that opens an access key, kept outside of the repository. Text, so that people see what
 * it is, and can print it. Words, then the lines of {@link TypedLines} over
 *
 * <pre>
 * type         u8       1
 * repository   16
 * name         string   {@link KeyName}
 * secret       32
 * </pre>
 */
public record KeyFileText(RepositoryId repository, String name, byte[] secret) implements KeyText {
    static final int TYPE = 1;

    /** The text of a key file. */
    public static byte[] write(RepositoryId repository, String name, Lock.KeyFile lock) {
        ByteWriter out = new ByteWriter().u8(TYPE);
        byte[] id = repository.bytes();
        out.bytes(id).string(name.getBytes(StandardCharsets.US_ASCII)).bytes(lock.secret());
        String text = "cairn key file: opens the access key '" + name + "' of the repository\n" + repository
                + "\nKeep it safe and secret: without it the backups cannot be read, with it anyone can read them.\n\n"
                + TypedLines.format(out.toBytes());
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static KeyFileText decode(byte[] content) throws CairnException {
        ByteReader in = new ByteReader(content, "the key file");
        in.skip(1);
        RepositoryId repository = RepositoryId.read(in.bytes(RepositoryId.BYTES), 0);
        String name = new String(in.string(), StandardCharsets.ISO_8859_1);
        byte[] secret = in.bytes(Lock.KeyFile.BYTES);
        in.end();
        return new KeyFileText(repository, name, secret);
    }

    /** Tells no secret. */
    @Override
    public String toString() {
        return "key file of '" + name + "'";
    }
}
