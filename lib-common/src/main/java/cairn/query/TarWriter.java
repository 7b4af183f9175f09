package cairn.query;

import cairn.error.CairnException;
import cairn.posix.RawPath;
import cairn.repo.Repository;
import cairn.tree.Attributes;
import cairn.tree.Entry;
import cairn.tree.EntryType;
import cairn.tree.LinkGroup;
import cairn.tree.Xattr;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a tar archive in the pax format (POSIX.1-2017, pax), which GNU tar and bsdtar unpack with everything that tar
 * can hold: names of any length and bytes, times in nanoseconds, owners by name and number, hard links, devices, FIFOs,
 * extended attributes (as star names them), access control lists, and holes (as GNU tar 1.0 has them).
 */
public final class TarWriter implements ArchiveWriter {
    private static final int BLOCK = 512;
    private static final int RECORD = 20 * BLOCK;
    private static final long LARGEST_OCTAL_11 = 077777777777L;
    private static final long LARGEST_OCTAL_7 = 07777777L;
    /** So many inodes with several names are remembered; of later ones each name becomes a file of its own. */
    private static final int MOST_LINKS = 1 << 18;
    private static final String ACL = "system.posix_acl_access";
    private static final String DEFAULT_ACL = "system.posix_acl_default";

    private final Repository repository;
    private final FileContent content;
    private final Names names;
    private final Listener listener;
    private final OutputStream out;
    private final Map<LinkGroup, byte[]> links = new HashMap<>();
    private long written;

    public TarWriter(Repository repository, Names names, OutputStream out, Listener listener) {
        this.repository = repository;
        this.content = new FileContent(repository);
        this.names = names;
        this.listener = listener;
        this.out = out;
    }

    @Override
    public void add(byte[] path, Entry entry) throws IOException {
        if (entry.type() == EntryType.SOCKET) {
            listener.cannotHold(path, "is a socket, which a tar archive cannot hold");
            return;
        }
        PaxRecords pax = new PaxRecords();
        LinkGroup group = entry.attributes().linkGroup();
        byte[] first = group == null || entry instanceof Entry.Directory ? null : links.get(group);
        if (first != null) {
            header(pax, path, '1', 0, first, entry);
            return;
        }
        if (group != null && links.size() < MOST_LINKS) {
            links.put(group, path);
        } else if (group != null) {
            listener.cannotHold(path, "is one of too many hard links: it becomes a file of its own");
        }
        switch (entry) {
            case Entry.File file -> file(pax, path, file);
            case Entry.Directory directory -> header(pax, folder(path), '5', 0, null, entry);
            case Entry.Symlink link -> header(pax, path, '2', 0, link.target(), entry);
            case Entry.Special special -> header(pax, path, switch (special.type()) {
                case CHAR_DEVICE -> '3';
                case BLOCK_DEVICE -> '4';
                default -> '6';
            }, 0, null, entry);
        }
    }

    private void file(PaxRecords pax, byte[] path, Entry.File file) throws IOException {
        SparseMap map = new SparseMap(repository.trees(), file);
        if (!map.hasHoles()) {
            header(pax, path, '0', file.size(), null, file);
            body(path, file, file.size(), false);
            return;
        }
        pax.add("GNU.sparse.major", "1").add("GNU.sparse.minor", "0").name("GNU.sparse.name", path)
                .add("GNU.sparse.realsize", Long.toString(file.size()));
        header(pax, RawPath.join(PaxRecords.ascii("GNUSparseFile.0"), path), '0', map.archivedSize(), null, file);
        long before = written;
        map.write(new Counting());
        body(path, file, map.archivedSize() - (written - before), true);
    }

    /** Writes content and fills the last block; a damaged file gets zeros in its place, or all after it would be lost. */
    private void body(byte[] path, Entry.File file, long length, boolean skipHoles) throws IOException {
        Counting counting = new Counting();
        long end = written + length;
        try {
            content.read(file, new FileContent.Sink() {
                @Override
                public void data(byte[] bytes, int offset, int count) throws IOException {
                    counting.write(bytes, offset, count);
                }

                @Override
                public void hole(long count) throws IOException {
                    FileContent.zeros(counting, skipHoles ? 0 : count);
                }
            });
        } catch (CairnException damaged) {
            Damage.orThrow(damaged);
            listener.damaged(path, damaged);
            FileContent.zeros(counting, end - written);
        }
        FileContent.zeros(counting, -written & BLOCK - 1);
    }

    private final class Counting extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            out.write(b);
            written++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            written += length;
        }
    }

    private void header(PaxRecords pax, byte[] path, char type, long size, byte[] target, Entry entry) throws IOException {
        Attributes a = entry.attributes();
        byte[] user = names.users().get(a.uid());
        byte[] group = names.groups().get(a.gid());
        if (!fits(path, 100)) {
            pax.name("path", path);
        }
        if (target != null && !fits(target, 100)) {
            pax.name("linkpath", target);
        }
        if (user != null && !fits(user, 31)) {
            pax.name("uname", user);
        }
        if (group != null && !fits(group, 31)) {
            pax.name("gname", group);
        }
        if (a.uid() > LARGEST_OCTAL_7) {
            pax.add("uid", Long.toString(a.uid()));
        }
        if (a.gid() > LARGEST_OCTAL_7) {
            pax.add("gid", Long.toString(a.gid()));
        }
        if (size > LARGEST_OCTAL_11) {
            pax.add("size", Long.toString(size));
        }
        if (a.mtimeNanos() != 0 || a.mtimeSeconds() < 0 || a.mtimeSeconds() > LARGEST_OCTAL_11) {
            pax.time("mtime", a.mtimeSeconds(), a.mtimeNanos());
        }
        long major = 0;
        long minor = 0;
        if (entry instanceof Entry.Special special && (type == '3' || type == '4')) {
            major = Integer.toUnsignedLong(special.major());
            minor = Integer.toUnsignedLong(special.minor());
            if (major > LARGEST_OCTAL_7 || minor > LARGEST_OCTAL_7) {
                pax.add("SCHILY.devmajor", Long.toString(major)).add("SCHILY.devminor", Long.toString(minor));
            }
        }
        for (Xattr xattr : type == '1' ? List.<Xattr>of() : a.xattrs()) {
            String acl = isNamed(xattr, ACL) || isNamed(xattr, DEFAULT_ACL) ? PosixAcl.text(xattr.value()) : null;
            if (acl != null) {
                pax.add(isNamed(xattr, ACL) ? "SCHILY.acl.access" : "SCHILY.acl.default", acl);
            } else {
                pax.xattr(xattr);
            }
        }
        byte[] records = pax.bytes();
        if (records.length > 0) {
            block(RawPath.join(PaxRecords.ascii("PaxHeaders"), entry.name()), 'x', 0644, 0, 0, records.length, 0, new byte[0], null, null, 0, 0);
            Counting counting = new Counting();
            counting.write(records);
            FileContent.zeros(counting, -written & BLOCK - 1);
        }
        block(path, type, a.mode(), a.uid(), a.gid(), size, a.mtimeSeconds(), target, user, group, major, minor);
    }

    /** A folder's name ends in a slash. */
    private static byte[] folder(byte[] path) {
        byte[] name = Arrays.copyOf(path, path.length + 1);
        name[path.length] = '/';
        return name;
    }

    private static boolean isNamed(Xattr xattr, String name) {
        return Arrays.equals(xattr.name(), PaxRecords.ascii(name));
    }

    /** Bytes that are not ASCII stay in the ustar header where they fit: all programs take them from there as they are. */
    private static boolean fits(byte[] text, int length) {
        return text.length <= length;
    }

    /** A ustar header block; what does not fit is cut off or clamped, as the pax records hold it whole. */
    private void block(byte[] path, char type, int mode, long uid, long gid, long size, long mtime, byte[] target, byte[] user, byte[] group,
            long major, long minor) throws IOException {
        byte[] block = new byte[BLOCK];
        text(block, 0, 100, path);
        octal(block, 100, 8, mode);
        octal(block, 108, 8, Math.min(uid, LARGEST_OCTAL_7));
        octal(block, 116, 8, Math.min(gid, LARGEST_OCTAL_7));
        octal(block, 124, 12, Math.min(size, LARGEST_OCTAL_11));
        octal(block, 136, 12, Math.clamp(mtime, 0, LARGEST_OCTAL_11));
        Arrays.fill(block, 148, 156, (byte) ' ');
        block[156] = (byte) type;
        text(block, 157, 100, target);
        text(block, 257, 8, PaxRecords.ascii("ustar\00000"));
        text(block, 265, 31, user);
        text(block, 297, 31, group);
        octal(block, 329, 8, Math.min(major, LARGEST_OCTAL_7));
        octal(block, 337, 8, Math.min(minor, LARGEST_OCTAL_7));
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xFF;
        }
        octal(block, 148, 7, sum);
        new Counting().write(block, 0, BLOCK);
    }

    private static void text(byte[] block, int at, int length, byte[] text) {
        if (text != null) {
            System.arraycopy(text, 0, block, at, Math.min(length, text.length));
        }
    }

    /** Digits and a closing zero. */
    private static void octal(byte[] block, int at, int length, long value) {
        String digits = Long.toOctalString(value);
        Arrays.fill(block, at, at + length - 1, (byte) '0');
        byte[] ascii = PaxRecords.ascii(digits);
        System.arraycopy(ascii, 0, block, at + length - 1 - ascii.length, ascii.length);
        block[at + length - 1] = 0;
    }

    @Override
    public void finish() throws IOException {
        Counting counting = new Counting();
        FileContent.zeros(counting, 2 * BLOCK);
        FileContent.zeros(counting, (RECORD - written % RECORD) % RECORD);
    }

    @Override
    public void close() {
        content.close();
    }
}
