package cairn.pack;

import cairn.error.CairnException;
import cairn.format.Bytes;
import cairn.format.DamagedException;
import cairn.format.Envelope;
import cairn.format.ForeignFileException;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.format.SignatureChecker;
import cairn.format.TooNewException;
import cairn.format.Whole;
import cairn.store.NotStoredException;
import cairn.store.Storage;
import cairn.store.StoredFile;
import java.io.IOException;
import java.util.List;

/** Reads heads, directories and whole packs from a storage. Needs no key. */
public final class PackReader {
    /** Enough for the head of a pack with one section. */
    private static final int USUAL_HEAD = PackFormat.PREFIX + Section.BYTES;
    /** No pack is larger: offsets in packs are ints, and repacking reads a pack into memory. */
    public static final int LARGEST_PACK = 1 << 30;

    private PackReader() {
    }

    /** A directory with the head that belongs to it. */
    public record Directory(PackFormat.Head head, List<PackFormat.BlobEntry> entries) {
    }

    public static PackFormat.Head readHead(Storage storage, RepositoryId repository, Hash pack) throws IOException {
        String name = PackFormat.name(pack);
        byte[] head = new byte[USUAL_HEAD];
        storage.read(name, 0, head, 0, head.length);
        int bytes = PackFormat.headBytes(head);
        if (bytes > head.length) {
            head = new byte[bytes];
            storage.read(name, 0, head, 0, bytes);
        }
        try {
            return PackFormat.readHead(head, head.length, repository, name);
        } catch (TooNewException | ForeignFileException e) {
            throw Whole.believed(e, storage, storage.stat(name).orElseThrow(() -> new NotStoredException(storage.location(), name)));
        }
    }

    /** Reads the directory of a pack: two or three small reads. */
    public static Directory readDirectory(Storage storage, RepositoryId repository, Hash pack, StoredFile file) throws IOException {
        String name = PackFormat.name(pack);
        PackFormat.Head head = readHead(storage, repository, pack);
        long end = file.size() - head.envelope().footer() - 4;
        if (end < head.bytes()) {
            throw new DamagedException(name, "is cut off");
        }
        byte[] number = new byte[4];
        storage.read(name, end, number, 0, 4);
        int count = Bytes.getInt(number, 0);
        long start = end - (long) count * PackFormat.ENTRY;
        if (count < 0 || start < head.bytes()) {
            throw new DamagedException(name, "has a directory longer than itself");
        }
        byte[] directory = new byte[count * PackFormat.ENTRY];
        storage.read(name, start, directory, 0, directory.length);
        return new Directory(head, PackFormat.readDirectory(directory, 0, count, head.bytes(), start, name));
    }

    /** Where the directory of a pack begins that is not looked at any further; for whoever wants to fetch it early. */
    public static long directoryStart(Storage storage, RepositoryId repository, Hash pack, StoredFile file) throws IOException {
        PackFormat.Head head = readHead(storage, repository, pack);
        long end = file.size() - head.envelope().footer() - 4;
        if (end < head.bytes()) {
            throw new DamagedException(PackFormat.name(pack), "is cut off");
        }
        byte[] number = new byte[4];
        storage.read(PackFormat.name(pack), end, number, 0, 4);
        return end - (long) Bytes.getInt(number, 0) * PackFormat.ENTRY;
    }

    /**
     * Checks a whole pack without any key: header, hash, signature, directory.
     *
     * @param length  bytes of it that the array holds
     * @param checker null to leave the signature unchecked
     */
    public static Directory check(byte[] file, int length, RepositoryId repository, Hash pack, SignatureChecker checker) throws CairnException {
        String name = PackFormat.name(pack);
        Envelope.Checked opened = Envelope.check(file, length, Kind.PACK, repository, checker, name);
        if (!opened.hash().equals(pack)) {
            throw new DamagedException(name, "does not have the hash that it is named by");
        }
        Directory directory = directory(file, length, repository, pack);
        for (PackFormat.BlobEntry entry : directory.entries()) {
            directory.head().kind().require(PackFormat.readFrame(file, entry.offset(), entry.stored(), name).kind(), name);
        }
        return directory;
    }

    /** The directory of a whole pack whose hash is not looked at. */
    public static Directory directory(byte[] file, int length, RepositoryId repository, Hash pack) throws CairnException {
        String name = PackFormat.name(pack);
        PackFormat.Head head = PackFormat.readHead(file, length, repository, name);
        long end = length - (long) head.envelope().footer() - 4;
        int count = end < head.bytes() ? -1 : Bytes.getInt(file, (int) end);
        long start = end - (long) count * PackFormat.ENTRY;
        if (count < 0 || start < head.bytes()) {
            throw new DamagedException(name, "has a directory longer than itself");
        }
        return new Directory(head, PackFormat.readDirectory(file, (int) start, count, head.bytes(), start, name));
    }
}
