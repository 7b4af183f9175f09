package cairn.pack;

import cairn.error.CairnException;
import cairn.format.BlobId;
import cairn.format.BlobKind;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.Bytes;
import cairn.format.DamagedException;
import cairn.format.Envelope;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import java.util.ArrayList;
import java.util.List;

/**
 * A pack: {@code packs/ab/HASH}, {@code ab} the first two digits of its hash. It opens and closes as
 * {@link Envelope} says; all numbers are little-endian.
 *
 * <pre>
 * header      32
 * kind        u8     1 data, 2 trees
 * sealing     u8     0 none, 1 AES-256-GCM
 * sections    u16    n; 0 if not sealed
 * section     116    n times: {@link Capsule} 84, salt 32
 * frame       ...    once per blob
 * entry       44     once per blob, in the order of the frames: blob id 32, offset u32, stored u32, plain u32
 * blobs       u32    how many
 * footer      128
 *
 * frame, "stored" bytes at "offset" from the start of the file:
 *   kind      u8     {@link BlobKind}
 *   codec     u8     {@link Codec}; + 128 if padded
 *   section   u16    which one, from 0
 *   nonce     u32    unique in its section
 *   plain     u32    bytes of the payload before compression
 *   refs      u32    how many references; 0 for data
 *   reference 32     each
 *   payload   ...    compressed, padded, sealed: AES-256-GCM, 12-byte nonce: 4 zero bytes and the nonce as u64; then the tag 16
 *
 * associated data: repository id 16, blob id 32, kind u8, codec u8, plain u32, refs u32, references
 * a padded payload: length u32 of the compressed bytes, those, zeros
 * </pre>
 *
 * Blobs stand in the order of their nonces, and a writer draws the nonces at random, so that the order tells nothing
 * about the files that they came from.
 */
public final class PackFormat {
    public static final int FRAME_HEADER = 16;
    public static final int ENTRY = BlobId.BYTES + 12;
    public static final int TAG = 16;
    static final int PREFIX = Envelope.HEADER + 4;
    static final int PADDED = 128;
    /** Blobs are never larger: a bound for readers. */
    public static final int LARGEST_BLOB = 64 << 20;
    /** References of one blob: a bound for readers. */
    static final int MOST_REFS = 1 << 20;

    private PackFormat() {
    }

    /** The name of a pack in the storage. */
    public static String name(Hash pack) {
        String hex = pack.hex();
        return "packs/" + hex.substring(0, 2) + "/" + hex;
    }

    /** What a pack's header says. {@code sections} is empty if the pack is not sealed. */
    public record Head(PackKind kind, boolean sealed, List<Section> sections, Envelope.Header envelope, int bytes) {
    }

    /** One line of the directory. @param stored bytes of the whole frame */
    public record BlobEntry(BlobId id, int offset, int stored, int plain) {
    }

    /** What stands before a blob's references. */
    public record Frame(BlobKind kind, int codec, int section, int nonce, int plain, int refs) {
        public int payloadOffset() {
            return FRAME_HEADER + refs * BlobId.BYTES;
        }
    }

    static void putHead(ByteWriter out, RepositoryId repository, PackKind kind, List<Section> sections) {
        byte[] header = new byte[Envelope.HEADER];
        Envelope.header(header, 0, Kind.PACK, repository, true);
        out.bytes(header).u8(kind.code()).u8(sections.isEmpty() ? 0 : 1).u16(sections.size());
        for (Section section : sections) {
            section.capsule().write(out);
            out.bytes(section.salt());
        }
    }

    /** Bytes of the head, from its first {@value #PREFIX} bytes. */
    static int headBytes(byte[] prefix) {
        return PREFIX + Bytes.getShort(prefix, Envelope.HEADER + 2) * Section.BYTES;
    }

    /** Decodes the head of a pack; {@code length} may be more than it. */
    public static Head readHead(byte[] file, int length, RepositoryId repository, String what) throws CairnException {
        Envelope.Header envelope = Envelope.readHeader(file, 0, length, Kind.PACK, repository, what);
        ByteReader in = new ByteReader(file, Envelope.HEADER, length - Envelope.HEADER, what);
        PackKind kind = PackKind.of(in.u8());
        int sealing = in.u8();
        int count = in.u16();
        if (kind == null || sealing > 1 || sealing == 0 && count != 0 || sealing == 1 && count == 0) {
            throw in.damaged("has a header that no version of cairn writes");
        }
        List<Section> sections = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sections.add(new Section(Capsule.read(in), in.bytes(Section.SALT)));
        }
        return new Head(kind, sealing == 1, sections, envelope, in.position());
    }

    /** Decodes a frame's header. @param length bytes of the whole frame */
    public static Frame readFrame(byte[] buffer, int offset, int length, String what) throws DamagedException {
        ByteReader in = new ByteReader(buffer, offset, length, what);
        BlobKind kind = BlobKind.of(in.u8());
        Frame frame = new Frame(kind, in.u8(), in.u16(), in.u32(), in.u32(), in.u32());
        if (kind == null || kind == BlobKind.DATA && frame.refs != 0 || frame.plain < 0 || frame.plain > LARGEST_BLOB || frame.refs < 0
                || frame.refs > MOST_REFS
                || frame.payloadOffset() > length) {
            throw new DamagedException(what, "has a frame that no version of cairn writes");
        }
        return frame;
    }

    /** Bytes of associated data for a blob with a number of references. */
    static int associatedDataBytes(int refs) {
        return RepositoryId.BYTES + BlobId.BYTES + 10 + refs * BlobId.BYTES;
    }

    /** Writes the associated data of a blob. @param refs where its references stand, 32 bytes each */
    static void associatedData(byte[] out, RepositoryId repository, BlobId id, BlobKind kind, int codec, int plain,
            byte[] refs, int refsOffset, int refCount) {
        repository.write(out, 0);
        id.write(out, 16);
        out[48] = kind.code();
        out[49] = (byte) codec;
        Bytes.putInt(out, 50, plain);
        Bytes.putInt(out, 54, refCount);
        System.arraycopy(refs, refsOffset, out, 58, refCount * BlobId.BYTES);
    }

    /** Decodes the directory from the bytes at the end of a pack, which must hold at least all of it. */
    static List<BlobEntry> readDirectory(byte[] tail, int directoryOffset, int count, int headBytes, long directoryStart, String what)
            throws DamagedException {
        List<BlobEntry> entries = new ArrayList<>(count);
        ByteReader in = new ByteReader(tail, directoryOffset, count * ENTRY, what);
        long at = headBytes;
        for (int i = 0; i < count; i++) {
            BlobEntry entry = new BlobEntry(in.id(), in.u32(), in.u32(), in.u32());
            if (entry.offset != at || entry.stored < FRAME_HEADER || entry.plain < 0 || entry.plain > LARGEST_BLOB) {
                throw in.damaged("has a directory whose entries do not follow each other");
            }
            at += entry.stored;
            entries.add(entry);
        }
        if (at != directoryStart) {
            throw in.damaged("has a directory that does not cover its blobs");
        }
        return entries;
    }
}
