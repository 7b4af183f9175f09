package cairn.remote;

import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.store.StoredFile;
import cairn.store.StoredName;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;

/** Entries of a listing as {@link Message} has them: names by content take 33 bytes. */
final class Entries {
    private static final Kind[] KINDS = Kind.values();

    private Entries() {
    }

    /** @param content what stands in the file, or null if it is not told */
    record Entry(StoredFile file, byte[] content) {
    }

    static void write(ByteWriter out, StoredFile file, byte[] content) {
        Kind kind = kindOf(file.name());
        if (kind != null) {
            out.u8(kind.code()).hash(hashOf(file.name()));
        } else {
            out.u8(0).string(file.name().getBytes(StandardCharsets.US_ASCII));
        }
        out.varint(file.size());
        time(out, file.modified());
        if (content == null) {
            out.varint(0);
        } else {
            out.varint(content.length + 1L).bytes(content);
        }
    }

    static Entry read(ByteReader in) throws DamagedException {
        int code = in.u8();
        String name = code == 0 ? name(in) : name(kind(code, in), in.hash());
        StoredFile file = new StoredFile(name, in.length(), time(in));
        int length = in.varint(in.remaining());
        return new Entry(file, length == 0 ? null : in.bytes(length - 1));
    }

    private static Kind kind(int code, ByteReader in) throws DamagedException {
        for (Kind kind : KINDS) {
            if (kind.code() == code) {
                return kind;
            }
        }
        throw in.damaged("names a kind of file that there is not");
    }

    /** A name, checked: whoever sends it may not be believed. */
    static String name(ByteReader in) throws DamagedException {
        String name = new String(in.string(), StandardCharsets.ISO_8859_1);
        if (!StoredName.isValid(name)) {
            throw in.damaged("names a file that cannot be there");
        }
        return name;
    }

    static String folder(ByteReader in) throws DamagedException {
        String folder = new String(in.string(), StandardCharsets.ISO_8859_1);
        if (!StoredName.isValidFolder(folder)) {
            throw in.damaged("names a folder that cannot be there");
        }
        return folder;
    }

    static void time(ByteWriter out, Instant time) {
        out.signed(time.getEpochSecond()).varint(time.getNano());
    }

    static Instant time(ByteReader in) throws DamagedException {
        try {
            return Instant.ofEpochSecond(in.signed(), in.varint(999_999_999));
        } catch (DateTimeException | ArithmeticException e) {
            throw in.damaged("holds a time that there is not");
        }
    }

    /** The kind of a file that is named by its content, or null. */
    static Kind kindOf(String name) {
        Hash hash = hashOf(name);
        if (hash != null) {
            for (Kind kind : KINDS) {
                if (name.startsWith(kind.folder()) && name.equals(name(kind, hash))) {
                    return kind;
                }
            }
        }
        return null;
    }

    static Hash hashOf(String name) {
        return Hash.parse(name.substring(name.lastIndexOf('/') + 1));
    }

    private static String name(Kind kind, Hash hash) {
        String hex = hash.hex();
        return kind == Kind.PACK ? kind.folder() + "/" + hex.substring(0, 2) + "/" + hex : kind.folder() + "/" + hex;
    }
}
