package cairn.mark;

import cairn.error.CairnException;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;
import cairn.format.Envelope;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.format.SignatureChecker;
import cairn.format.Signer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A statement about packs, records or sessions, in {@code marks/HASH}. It counts only with a signature of a
 * {@code full} or {@code server} key, but for {@link Type#FINDING} and {@link Type#COMPLETE}, which only inform.
 *
 * <pre>
 * type     u8       {@link Type}
 * nonce    16       random, so that the same statement made twice is two files
 * count    varint
 * subject  32       count times: the hash of a pack or record; a session id and 16 zero bytes
 * note     string   UTF-8, for people; of a finding what was found
 * </pre>
 */
public record Mark(Type type, byte[] nonce, List<Hash> subjects, String note) {
    /** Bytes: a mark on a million packs has 32 MB; writers make several. */
    public static final int LARGEST = 64 << 20;

    /** What is stated. */
    public enum Type {
        /** These packs are to be deleted: no writer may rely on them any more. */
        PACKS(1),
        /** These records are to be deleted: they are nobody's base. */
        RECORDS(2),
        /** These packs were or are just being deleted. Kept for ever. */
        PACK_TOMBSTONE(3),
        /** These records were or are just being deleted. Kept for ever. */
        RECORD_TOMBSTONE(4),
        /** These sessions have lost the right to rely on anything that they found. Kept. */
        FENCE(5),
        /** These records, whose sessions were fenced, were found complete by a walk. */
        COMPLETE(6),
        /** Verification found damage in these packs or records. */
        FINDING(7);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        static Type of(int code) {
            for (Type type : values()) {
                if (type.code == code) {
                    return type;
                }
            }
            return null;
        }
    }

    /** A mark with the name of its file and the key that signed it. */
    public record Signed(Hash name, Mark mark, byte[] signer) {
    }

    public static String name(Hash hash) {
        return Kind.MARK.folder() + "/" + hash.hex();
    }

    public byte[] encode(RepositoryId repository, Signer signer) {
        ByteWriter out = new ByteWriter(64 + subjects.size() * Hash.BYTES);
        out.u8(type.code).bytes(nonce).varint(subjects.size());
        subjects.forEach(out::hash);
        out.string(note.getBytes(StandardCharsets.UTF_8));
        return Envelope.close(Kind.MARK, repository, out.toBytes(), signer);
    }

    public static Signed decode(byte[] file, RepositoryId repository, SignatureChecker checker, String what) throws CairnException {
        Envelope.Opened opened = Envelope.open(file, Kind.MARK, repository, checker, what);
        ByteReader in = opened.body(what);
        Type type = Type.of(in.u8());
        if (type == null) {
            throw new DamagedException(what, "states something that this version does not know");
        }
        byte[] nonce = in.bytes(16);
        int count = in.varint(in.remaining() / Hash.BYTES);
        List<Hash> subjects = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            subjects.add(in.hash());
        }
        String note = new String(in.string(), StandardCharsets.UTF_8);
        in.end();
        return new Signed(opened.hash(), new Mark(type, nonce, subjects, note), opened.signer());
    }
}
