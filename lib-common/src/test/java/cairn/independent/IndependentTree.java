package cairn.independent;

import cairn.independent.IndependentBlobs.Blob;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads trees: docs/format.md, "Trees". */
final class IndependentTree {
    private final IndependentBlobs blobs;
    private final long k0;
    private final long k1;
    /** Entries by path; bytes of names as ISO-8859-1. */
    final Map<String, Node> nodes = new TreeMap<>();
    /** Lengths of the pieces of data of each file that lists any. */
    final Map<String, List<Integer>> chunks = new HashMap<>();
    final Map<Integer, Integer> pieces = new HashMap<>();

    static final class Node {
        int type;
        long mode;
        long uid;
        long gid;
        Instant mtime;
        String linkGroup;
        final Map<String, byte[]> xattrs = new TreeMap<>();
        long flags;
        long project;
        byte[] content;
        byte[] target;
        long[] device;
        long inode;
        Instant ctime;
    }

    private static final class Refs {
        private final List<String> ids;
        private int next;

        Refs(List<String> ids) {
            this.ids = ids;
        }

        String get(Cursor in) {
            long number = in.varint();
            return number == 0 ? ids.get(next++) : ids.get((int) number - 1);
        }
    }

    IndependentTree(IndependentBlobs blobs, IndependentKeys keys) {
        this.blobs = blobs;
        Cursor cut = new Cursor(Ciphers.hkdf(keys.naming, new byte[0], "cairn directory cut v1", 16));
        k0 = cut.u64();
        k1 = cut.u64();
    }

    void root(String tree, String stat) {
        directory("", tree, stat, true, true);
        Check.that(nodes.containsKey(""), "a root");
    }

    private Cursor piece(Blob blob, int kind, int type) {
        Check.that(blob.kind() == kind, "kind of a piece");
        Cursor in = new Cursor(blob.payload());
        Check.that(in.u8() == type, "type of a piece");
        pieces.merge(type, 1, Integer::sum);
        return in;
    }

    private void directory(String path, String tree, String stat, boolean last, boolean root) {
        Blob blob = blobs.open(tree);
        Blob statBlob = blobs.open(stat);
        Refs refs = new Refs(blob.refs());
        Refs statRefs = new Refs(statBlob.refs());
        int type = blob.payload()[0];
        Check.that(type == 1 || type == 2, "a piece of a directory");
        Cursor in = piece(blob, 1, type);
        Cursor stats = piece(statBlob, 2, type + 4);
        long count = in.varint();
        Check.that(stats.varint() == count, "parallel");
        if (type == 2) {
            long listed = direct(path);
            for (long i = 0; i < count; i++) {
                String child = refs.get(in);
                String first = latin(in.string());
                long below = in.varint();
                directory(path, child, statRefs.get(stats), last && i == count - 1, root);
                Check.that(nodes.containsKey(path + "/" + first), "first name of a child");
                long added = direct(path);
                Check.that(added - listed == below, "entries below");
                listed = added;
            }
        } else {
            leaf(path, in, refs, stats, statRefs, count, last, root);
        }
        in.end();
        stats.end();
    }

    /** How many entries of a directory were met so far. */
    private long direct(String path) {
        return nodes.keySet().stream().filter(at -> at.startsWith(path + "/") && at.indexOf('/', path.length() + 1) < 0).count();
    }

    private void leaf(String path, Cursor in, Refs refs, Cursor stats, Refs statRefs, long count, boolean last, boolean root) {
        int start = in.position();
        int sizeBefore = 0;
        String nameBefore = null;
        long[] device = null;
        for (long i = 0; i < count; i++) {
            byte[] name = in.string();
            Check.that((name.length == 0) == root, "a name");
            Check.that(nameBefore == null || nameBefore.compareTo(latin(name)) < 0, "order of names");
            nameBefore = latin(name);
            String at = root ? "" : path + "/" + latin(name);
            Node node = new Node();
            nodes.put(at, node);
            String child = entry(at, node, in, refs);
            int size = in.position() - start + 32 * refs.next;
            boolean cut = cuts(name, size - sizeBefore, size);
            Check.that(cut ? i == count - 1 : i < count - 1 || last, "where a leaf is cut");
            sizeBefore = size;
            long head = stats.varint();
            if ((head & 2) != 0) {
                device = new long[] {stats.varint(), stats.varint()};
            }
            Check.that(device != null, "a device");
            node.inode = stats.varint();
            node.ctime = stats.time();
            if ((head & 1) != 0) {
                directory(at, child, statRefs.get(stats), true, false);
            }
        }
    }

    private boolean cuts(byte[] name, int added, int size) {
        if (size < 4096) {
            return false;
        }
        if (size >= 65536 || added >= 12288) {
            return true;
        }
        long h = k0;
        for (byte b : name) {
            h = (h ^ (b & 0xFF)) * 0x9E3779B97F4A7C15L;
            h ^= h >>> 32;
        }
        h = (h ^ k1) * 0xD6E8FEB86659FD93L;
        h ^= h >>> 32;
        return (h >>> 33) * 12288 < added * (1L << 31);
    }

    /** @return the root of a directory, else null */
    private String entry(String path, Node node, Cursor in, Refs refs) {
        int head = in.u8();
        node.type = head & 7;
        node.mode = in.varint();
        node.uid = in.varint();
        node.gid = in.varint();
        node.mtime = in.time();
        if ((head & 8) != 0) {
            node.linkGroup = HexFormat.of().formatHex(in.take(16));
        }
        if ((head & 16) != 0) {
            for (long left = in.varint(); left > 0; left--) {
                node.xattrs.put(in.text(), in.string());
            }
        }
        if ((head & 32) != 0) {
            node.flags = in.varint();
        }
        if ((head & 64) != 0) {
            node.project = in.varint();
        }
        switch (node.type) {
            case 1 -> content(path, node, in, refs);
            case 2 -> {
                return refs.get(in);
            }
            case 3 -> node.target = in.string();
            case 6, 7 -> node.device = new long[] {in.varint(), in.varint()};
            default -> Check.that(node.type == 4 || node.type == 5, "type of an entry");
        }
        return null;
    }

    private void content(String path, Node node, Cursor in, Refs refs) {
        long size = in.varint();
        int form = in.u8();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (form == 0) {
            out.writeBytes(in.string());
        } else {
            chunks.put(path, new ArrayList<>());
            if (form == 1) {
                items(path, in, refs, in.varint(), out);
            } else {
                Check.that(form == 2, "form of content");
                pieces(path, refs.get(in), out);
            }
        }
        Check.that(out.size() == size, "size of " + path);
        node.content = out.toByteArray();
    }

    private void pieces(String path, String id, ByteArrayOutputStream out) {
        Blob blob = blobs.open(id);
        int type = blob.payload()[0];
        Check.that(type == 3 || type == 4, "a piece of content");
        Cursor in = piece(blob, 1, type);
        Refs refs = new Refs(blob.refs());
        long count = in.varint();
        if (type == 3) {
            items(path, in, refs, count, out);
        } else {
            for (long i = 0; i < count; i++) {
                int before = out.size();
                String child = refs.get(in);
                long below = in.varint();
                pieces(path, child, out);
                Check.that(out.size() - before == below, "bytes below");
            }
        }
        in.end();
    }

    private void items(String path, Cursor in, Refs refs, long count, ByteArrayOutputStream out) {
        for (long i = 0; i < count; i++) {
            long head = in.varint();
            int length = (int) (head >>> 2);
            if ((head & 3) == 1) {
                out.writeBytes(new byte[length]);
                chunks.get(path).add(-length);
                continue;
            }
            Blob blob = blobs.open(refs.get(in));
            Check.that(blob.kind() == 0, "data");
            int offset = (head & 3) == 2 ? (int) in.varint() : 0;
            Check.that((head & 3) == 2 || length == blob.payload().length, "a whole blob");
            out.write(blob.payload(), offset, length);
            chunks.get(path).add(length);
        }
    }

    static String latin(byte[] name) {
        return new String(name, StandardCharsets.ISO_8859_1);
    }
}
