package cairn.independent;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Opens blobs: docs/format.md, "Packs", "Blobs" and "Index". */
final class IndependentBlobs {
    private static final String[] LABELS = {"cairn blob id v1 data", "cairn blob id v1 tree", "cairn blob id v1 stat"};

    private final IndependentKeys keys;
    private final byte[] repository;
    private final Map<String, Pack> packs = new HashMap<>();
    private final Map<String, Place> directories = new HashMap<>();
    private final Map<String, Place> index = new HashMap<>();
    int mostSections;

    record Blob(int kind, List<String> refs, byte[] payload) {
    }

    private record Place(String pack, long offset, long stored, long plain) {
    }

    private record Pack(byte[] bytes, int kind, byte[][] sectionKeys) {
    }

    IndependentBlobs(Path folder, IndependentKeys keys, byte[] repository) throws IOException {
        this.keys = keys;
        this.repository = repository;
        for (Path path : files(folder.resolve("packs"))) {
            pack(StoredRepositoryFile.read(path, 4));
        }
        for (Path path : files(folder.resolve("index"))) {
            index(StoredRepositoryFile.read(path, 5));
        }
        Check.that(index.keySet().equals(directories.keySet()), "the index and the directories of the packs tell of different blobs");
        index.forEach((id, place) -> Check.that(directories.get(id).equals(place), "the index is wrong about " + id));
    }

    static List<Path> files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> Files.isRegularFile(path) && !path.getFileName().toString().startsWith(".")).sorted().toList();
        }
    }

    /** The session key of a capsule that is read from here on. */
    byte[] sessionKey(Cursor in) {
        byte[] privateKey = keys.privateKeys.get(in.u32());
        Check.that(privateKey != null, "no such key of the repository");
        byte[] enc = in.take(32);
        return Ciphers.hpkeOpen(privateKey, enc, Ciphers.join(Ciphers.ascii("cairn session v1"), repository), new byte[0], in.take(48));
    }

    private void pack(StoredRepositoryFile file) {
        Cursor in = file.body();
        int kind = in.u8();
        int sealing = in.u8();
        byte[][] sections = new byte[in.u16()][];
        Check.that((sealing == 1) == (sections.length > 0), "sealing");
        Check.that((sealing == 1) == keys.encrypted, "sealed where it should be, and not where not");
        for (int i = 0; i < sections.length; i++) {
            byte[] session = sessionKey(in);
            sections[i] = Ciphers.hkdf(session, in.take(32), "cairn pack v1", 32);
        }
        mostSections = Math.max(mostSections, sections.length);
        String name = HexFormat.of().formatHex(file.hash());
        packs.put(name, new Pack(file.bytes(), kind, sections));
        int end = file.bodyEnd();
        int blobs = (int) new Cursor(file.bytes(), end - 4, end).u32();
        Cursor directory = new Cursor(file.bytes(), end - 4 - 44 * blobs, end - 4);
        long at = in.position();
        long before = -1;
        for (int i = 0; i < blobs; i++) {
            String id = HexFormat.of().formatHex(directory.take(32));
            Place place = new Place(name, directory.u32(), directory.u32(), directory.u32());
            Check.that(place.offset == at, "frames without gaps");
            at += place.stored;
            long nonce = new Cursor(file.bytes(), (int) place.offset + 4, file.bytes().length).u32();
            Check.that(nonce >= before, "frames in the order of their nonces");
            before = nonce;
            directories.put(id, place);
        }
        Check.that(at == end - 4 - 44L * blobs, "the directory right after the frames");
    }

    private void index(StoredRepositoryFile file) {
        byte[] b = file.bytes();
        int end = file.bodyEnd();
        Cursor tail = new Cursor(b, end - 40, end);
        long entries = tail.u64();
        int packCount = (int) tail.u32();
        int signers = tail.u16();
        int bits = tail.u8();
        int filtered = tail.u8();
        long[] sums = {tail.u32(), tail.u32(), tail.u32(), tail.u32()};
        Check.that(tail.u32() == 0, "zero");
        Check.that(tail.u32() == crc(b, end - 40, 36), "checksum of the tail");
        int at = 32 + (int) (entries * 48 + (entries + 63) / 64 * 4);
        int[] lengths = {4 << bits, filtered == 1 ? 64 << bits : 0, 32 * signers, 48 * packCount};
        int[] starts = new int[4];
        for (int i = 0; i < 4; i++) {
            starts[i] = at;
            Check.that(crc(b, at, lengths[i]) == sums[i], "checksum of table " + i);
            at += lengths[i];
        }
        Check.that(at == end - 40, "tables up to the tail");
        String[] names = new String[packCount];
        for (int i = 0; i < packCount; i++) {
            Cursor pack = new Cursor(b, starts[3] + 48 * i, end);
            names[i] = HexFormat.of().formatHex(pack.take(32));
            Check.that(pack.u64() == packs.get(names[i]).bytes.length, "size of a pack");
            Check.that(pack.u16() < signers, "signer of a pack");
            Check.that(pack.u8() == packs.get(names[i]).kind, "kind of a pack");
            Check.that(pack.number(5) == 0, "zero");
        }
        int[] buckets = new int[1 << bits];
        String before = "";
        for (int i = 0; i < entries; i++) {
            int start = 32 + 48 * i + i / 64 * 4;
            if (i % 64 == 0) {
                int length = (int) Math.min(64, entries - i) * 48;
                Check.that(crc(b, start, length) == new Cursor(b, start + length, end).u32(), "checksum of a block");
            }
            Cursor entry = new Cursor(b, start, end);
            byte[] id = entry.take(32);
            String hex = HexFormat.of().formatHex(id);
            Check.that(hex.compareTo(before) >= 0, "entries in order");
            before = hex;
            index.put(hex, new Place(names[(int) entry.u32()], entry.u32(), entry.u32(), entry.u32()));
            int bucket = bits == 0 ? 0 : (int) (Long.parseUnsignedLong(hex.substring(0, 16), 16) >>> 64 - bits);
            buckets[bucket]++;
            long last = Long.parseUnsignedLong(hex.substring(48), 16);
            for (int group = 0; filtered == 1 && group < 6; group++) {
                int bit = (int) (last >>> 9 * group & 511);
                Check.that((b[starts[1] + 64 * bucket + bit / 8] >> bit % 8 & 1) == 1, "filter");
            }
        }
        int sum = 0;
        for (int i = 0; i < buckets.length; i++) {
            sum += buckets[i];
            Check.that(new Cursor(b, starts[0] + 4 * i, end).u32() == sum, "fan-out");
        }
    }

    private static long crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return crc.getValue();
    }

    Blob open(String id) {
        Place place = index.get(id);
        Check.that(place != null, "no blob " + id);
        Pack pack = packs.get(place.pack);
        Cursor frame = new Cursor(pack.bytes, (int) place.offset, (int) (place.offset + place.stored));
        int kind = frame.u8();
        int codec = frame.u8();
        int section = frame.u16();
        byte[] nonce = Ciphers.join(new byte[4], frame.take(4), new byte[4]);
        byte[] plain = frame.take(4);
        byte[] count = frame.take(4);
        int refs = (int) new Cursor(count).u32();
        byte[] references = frame.take(32 * refs);
        byte[] payload = frame.take(frame.left());
        Check.that((kind == 0) == (pack.kind == 1), "data and trees in packs of their own");
        if (pack.sectionKeys.length > 0) {
            byte[] associated = Ciphers.join(repository, HexFormat.of().parseHex(id), new byte[] {(byte) kind, (byte) codec}, plain, count, references);
            payload = Ciphers.open(pack.sectionKeys[section], nonce, associated, payload);
        }
        if (codec >= 128) {
            Cursor padded = new Cursor(payload);
            payload = padded.take((int) padded.u32());
        }
        int size = (int) new Cursor(plain).u32();
        if ((codec & 127) == 1) {
            payload = Zstd.decompress(payload, size);
        }
        Check.that(payload.length == size && place.plain == size, "plain length");
        byte[] key = Ciphers.hkdf(keys.naming, new byte[0], LABELS[kind], 32);
        byte[] made = kind == 0 ? Ciphers.blake3(key, 32, payload) : Ciphers.blake3(key, 32, references, payload, count);
        Check.that(HexFormat.of().formatHex(made).equals(id), "id of a blob");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < refs; i++) {
            ids.add(HexFormat.of().formatHex(Arrays.copyOfRange(references, 32 * i, 32 * i + 32)));
        }
        return new Blob(kind, ids, payload);
    }
}
