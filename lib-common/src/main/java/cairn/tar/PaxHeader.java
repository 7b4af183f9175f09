package cairn.tar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an extended header of pax says (POSIX.1-2017, pax, "pax Extended Header"): records {@code LENGTH KEY=VALUE\n}, the length
 * decimal and counting itself. Values are raw bytes, whatever {@code hdrcharset} says. Keys that mean nothing here are passed over.
 */
final class PaxHeader {
    /** Of one header, and of all that is held: more than all attributes that a file can have, far less than memory. */
    static final int LONGEST = 8 << 20;
    /** A file's names of attributes fill at most 64 KiB on Linux. */
    private static final int MOST_XATTRS = 16 << 10;
    private static final Set<String> KNOWN = Set.of("path", "linkpath", "size", "uid", "gid", "uname", "gname", "mtime",
            "SCHILY.devmajor", "SCHILY.devminor", "SCHILY.realsize", "SCHILY.fflags", "SCHILY.acl.access", "SCHILY.acl.default", "SCHILY.acl.ace",
            "RHT.security.selinux", "GNU.sparse.major", "GNU.sparse.minor", "GNU.sparse.name", "GNU.sparse.realsize", "GNU.sparse.size",
            "GNU.sparse.map", "GNU.volume.offset");
    private static final byte[] STAR_XATTR = "SCHILY.xattr.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LIBARCHIVE_XATTR = "LIBARCHIVE.xattr.".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_KEY = 64;

    private final PaxHeader global;
    private final Map<String, byte[]> values = new HashMap<>();
    /** Names as the archive has them, and values. */
    private final Map<byte[], byte[]> starXattrs = new TreeMap<>(Arrays::compareUnsigned);
    private final Map<byte[], byte[]> libarchiveXattrs = new TreeMap<>(Arrays::compareUnsigned);
    /** Bytes of names and values in these maps: there may be any number of headers before a member. */
    private long held;
    private SparseMap oldMap;
    private long offset = -1;

    /** @param global what counts for all members that say nothing else, or null */
    PaxHeader(PaxHeader global) {
        this.global = global;
    }

    /** Takes records; they replace what came before. @param in for errors */
    void read(byte[] records, TarInput in) throws TarException {
        for (int at = 0; at < records.length;) {
            int space = at;
            int length = 0;
            while (space < records.length && records[space] >= '0' && records[space] <= '9' && length < LONGEST) {
                length = 10 * length + records[space++] - '0';
            }
            int end = at + length;
            if (space == at || space >= records.length || records[space] != ' ' || end > records.length || end < space + 3 || records[end - 1] != '\n') {
                throw in.wrong("has an extended header that is cut off or damaged");
            }
            int equals = space + 1;
            while (equals < end && records[equals] != '=') {
                equals++;
            }
            if (equals >= end - 1 || equals == space + 1) {
                throw in.wrong("has an extended header with a record that is none");
            }
            record(records, space + 1, equals, Arrays.copyOfRange(records, equals + 1, end - 1), in);
            at = end;
        }
    }

    private void record(byte[] from, int key, int keyEnd, byte[] value, TarInput in) throws TarException {
        if (starts(from, key, keyEnd, STAR_XATTR)) {
            put(starXattrs, Arrays.copyOfRange(from, key + STAR_XATTR.length, keyEnd), value);
        } else if (starts(from, key, keyEnd, LIBARCHIVE_XATTR)) {
            put(libarchiveXattrs, Arrays.copyOfRange(from, key + LIBARCHIVE_XATTR.length, keyEnd), value);
        } else if (keyEnd - key <= LONGEST_KEY) {
            String name = new String(from, key, keyEnd - key, StandardCharsets.ISO_8859_1);
            switch (name) {
                case "GNU.sparse.offset" -> offset = decimal(value, name, in);
                case "GNU.sparse.numbytes" -> {
                    oldMap = oldMap != null ? oldMap : new SparseMap(in);
                    oldMap.add(offset, decimal(value, name, in));
                }
                default -> {
                    if (KNOWN.contains(name)) {
                        byte[] before = values.put(name, value);
                        held += value.length - (before == null ? 0 : before.length);
                    }
                }
            }
        }
        if (starXattrs.size() > MOST_XATTRS || libarchiveXattrs.size() > MOST_XATTRS) {
            throw in.wrong("has a member with more than " + MOST_XATTRS + " extended attributes");
        }
        if (held > LONGEST) {
            throw in.wrong("has extended headers of more than " + LONGEST + " bytes for one member, more than can be real");
        }
    }

    private void put(Map<byte[], byte[]> xattrs, byte[] name, byte[] value) {
        byte[] before = xattrs.put(name, value);
        held += value.length + (before == null ? name.length : -before.length);
    }

    private static boolean starts(byte[] from, int key, int keyEnd, byte[] prefix) {
        return keyEnd - key > prefix.length && Arrays.equals(from, key, key + prefix.length, prefix, 0, prefix.length);
    }

    /** The value of a key, or null if there is none: an empty one takes back what was said elsewhere. */
    byte[] get(String key) {
        byte[] value = values.get(key);
        if (value == null) {
            return global == null ? null : global.get(key);
        }
        return value.length == 0 ? null : value;
    }

    /** A name, which can hold no NUL. */
    byte[] name(String key, TarInput in) throws TarException {
        byte[] value = get(key);
        for (int i = 0; value != null && i < value.length; i++) {
            if (value[i] == 0) {
                throw in.wrong("has an extended header with a NUL in " + key);
            }
        }
        return value;
    }

    boolean has(String key) {
        return get(key) != null;
    }

    /** A decimal number that is not negative, or {@code other} if there is none. */
    long number(String key, long other, TarInput in) throws TarException {
        byte[] value = get(key);
        return value == null ? other : decimal(value, key, in);
    }

    static long decimal(byte[] value, String key, TarInput in) throws TarException {
        try {
            long number = value.length > 0 && value[0] >= '0' ? Long.parseLong(new String(value, StandardCharsets.ISO_8859_1)) : -1;
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw in.wrong("has an extended header whose " + key + " is no number");
    }

    /** The map of the format 0.0, or null. */
    SparseMap oldMap() {
        return oldMap;
    }

    /** What {@link TarXattrs} reads: of all members and of this one. */
    Map<byte[], byte[]> starXattrs() {
        return together(starXattrs, global == null ? null : global.starXattrs);
    }

    Map<byte[], byte[]> libarchiveXattrs() {
        return together(libarchiveXattrs, global == null ? null : global.libarchiveXattrs);
    }

    private static Map<byte[], byte[]> together(Map<byte[], byte[]> own, Map<byte[], byte[]> ofAll) {
        if (ofAll == null || ofAll.isEmpty()) {
            return own;
        }
        Map<byte[], byte[]> all = new TreeMap<>(Arrays::compareUnsigned);
        all.putAll(ofAll);
        all.putAll(own);
        return all;
    }
}
