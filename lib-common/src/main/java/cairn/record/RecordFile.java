package cairn.record;

import cairn.crypto.Aead;
import cairn.crypto.SealBrokenException;
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
import cairn.pack.Capsule;
import cairn.pack.PackSeal;
import cairn.pack.Section;
import java.time.Instant;

/**
 * A backup's record, {@code backups/HASH}: it makes the backup visible.
 *
 * <pre>
 * form      u8      1: as the writer made and signed it; 2: as a receiver published it
 * form 1:
 *   head    {@link RecordHead}
 *   sealing u8      0 none, 1 AES-256-GCM
 *   section 116     {@link Section}                                      } only if sealed
 *   body    string  {@link RecordBody}, sealed with nonce 0 and the head as associated data
 * form 2:
 *   time    u64 seconds, u32 nanoseconds    by the receiver's clock
 *   record  string  the whole file of form 1; the file around it is signed by the receiver
 * </pre>
 *
 * The key of the body is HKDF-SHA256(session key of the section's capsule, salt, "cairn record v1").
 *
 * @param id       the hash of the file as it is stored
 * @param written  the hash of the file as its writer made it, form 1: what the chain of records names
 * @param signer   the writer's Ed25519 public key
 * @param received the receiver's time, or null
 */
public record RecordFile(Hash id, Hash written, RecordHead head, byte[] signer, Instant received, byte[] receiver, Section section, byte[] sealedBody) {
    public static final int LARGEST = 16 << 20;
    private static final int DIRECT = 1;
    private static final int RECEIVED = 2;

    public static String name(Hash id) {
        return Kind.RECORD.folder() + "/" + id.hex();
    }

    /** The time that retention goes by: the receiver's where there is one. */
    public Instant time() {
        return received != null ? received : head.time();
    }

    /** The same without what its receiver says, for whoever does not believe it. */
    public RecordFile withoutReceipt() {
        return new RecordFile(id, written, head, signer, null, null, section, sealedBody);
    }

    /** @param seal null in a repository that is not encrypted */
    public static byte[] encode(RepositoryId repository, RecordHead head, RecordBody body, PackSeal seal, Signer signer) {
        ByteWriter clear = new ByteWriter(512);
        head.write(clear);
        byte[] associated = clear.toBytes();
        ByteWriter out = new ByteWriter(1024).u8(DIRECT).bytes(associated);
        byte[] plain = body.encode();
        if (seal == null) {
            out.u8(0).string(plain);
        } else {
            out.u8(1);
            seal.section().capsule().write(out);
            out.bytes(seal.section().salt());
            byte[] sealed = new byte[plain.length + 16];
            new Aead(seal.key()).seal(0, associated, 0, associated.length, plain, 0, plain.length, sealed, 0);
            out.string(sealed);
        }
        return Envelope.close(Kind.RECORD, repository, out.toBytes(), signer);
    }

    /**
     * A record as a receiver publishes it.
     *
     * @param written a whole file of form 1
     * @param time    by the receiver's clock
     * @param signer  the receiver's
     */
    public static byte[] received(RepositoryId repository, byte[] written, Instant time, Signer signer) {
        ByteWriter out = new ByteWriter(written.length + 32).u8(RECEIVED).u64(time.getEpochSecond()).u32(time.getNano()).string(written);
        return Envelope.close(Kind.RECORD, repository, out.toBytes(), signer);
    }

    public static RecordFile decode(byte[] file, RepositoryId repository, SignatureChecker checker, String what) throws CairnException {
        Envelope.Opened opened = Envelope.open(file, Kind.RECORD, repository, checker, what);
        ByteReader in = opened.body(what);
        int form = in.u8();
        if (form == RECEIVED) {
            Instant time = RecordHead.instant(in.u64(), in.u32(), in);
            byte[] inner = in.string();
            in.end();
            if (opened.signer() == null) {
                throw new DamagedException(what, "is not signed by its receiver");
            }
            RecordFile record = direct(Envelope.open(inner, Kind.RECORD, repository, checker, what), what);
            return new RecordFile(opened.hash(), record.written, record.head, record.signer, time, opened.signer(), record.section, record.sealedBody);
        }
        return direct(opened, what);
    }

    private static RecordFile direct(Envelope.Opened opened, String what) throws CairnException {
        ByteReader in = opened.body(what);
        if (in.u8() != DIRECT || opened.signer() == null) {
            throw new DamagedException(what, "is no signed record of a form that this version knows");
        }
        RecordHead head = RecordHead.read(in);
        int sealing = in.u8();
        if (sealing > 1) {
            throw new DamagedException(what, "is sealed in a way that this version does not know");
        }
        Section section = sealing == 1 ? new Section(Capsule.read(in), in.bytes(Section.SALT)) : null;
        byte[] body = in.string();
        in.end();
        return new RecordFile(opened.hash(), opened.hash(), head, opened.signer(), null, null, section, body);
    }

    /** Opens the sealed part. @param key the key for the section; null if it is not sealed */
    public RecordBody body(byte[] key) throws DamagedException {
        String what = name(id);
        if (section == null) {
            return RecordBody.decode(sealedBody, sealedBody.length, what);
        }
        ByteWriter clear = new ByteWriter(512);
        head.write(clear);
        byte[] plain = new byte[sealedBody.length];
        try {
            int length = new Aead(key).open(0, clear.array(), 0, clear.size(), sealedBody, 0, sealedBody.length, plain, 0);
            return RecordBody.decode(plain, length, what);
        } catch (SealBrokenException broken) {
            throw new DamagedException(what, "has a broken seal", broken);
        }
    }
}
