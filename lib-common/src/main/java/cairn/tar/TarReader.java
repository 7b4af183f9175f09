package cairn.tar;

import cairn.tree.Attributes;
import cairn.tree.EntryType;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a tar archive as it comes, in any of the formats that are around: of the seventh edition, ustar and pax (POSIX.1-2017, pax), GNU tar,
 * star and libarchive (tar(5)).
 *
 * <pre>
 * archive  = *member end
 * member   = *extension header [content, filled up to 512 bytes]
 * extension= 'x' or 'X' records of {@link PaxHeader} for the next member | 'g' records for all that follow
 *          | 'L' the name of the next member | 'K' the target of its link | 'V' the name of the archive, passed over
 * end      = two blocks of zeros, then anything
 * </pre>
 *
 * What a record says goes before what 'L' and 'K' say, and this before the header of {@link TarHeader}. Files are of the types '0', NUL,
 * '7', 'S' (sparse) and all that are unknown; a name with a slash at its end makes them folders, which are of the types '5' and 'D' too (the
 * latter with a list as content, passed over). '1' is a hard link, '2' a symlink, '3' and '4' are devices, '6' is a FIFO. A hard link has
 * content only in a pax archive; content of what can have none is there if no header follows. Later volumes ('M') are refused.
 *
 * <p>Memory is bounded: names, records and maps of holes have limits. Sums are checked, so what is damaged is no archive. For one thread.
 */
public final class TarReader {
    /** More than any file system holds. */
    static final long LARGEST = 1L << 62;
    private static final int LONGEST_NAME = 1 << 20;
    private static final long MOST_ID = 0xFFFFFFFFL;
    private static final byte[] NONE = {};

    private final TarInput in;
    private final NameIds ids = new NameIds();
    private final PaxHeader global = new PaxHeader(null);
    private PaxHeader pax = new PaxHeader(global);
    /** Whether an extended header waits for its member. */
    private boolean waited;
    private boolean everPax;
    private byte[] longName;
    private byte[] longTarget;
    private TarBody body;
    private boolean ended;
    private boolean oneZeroBlock;
    private long behind;

    /** Takes the content of a file. */
    public interface Sink {
        /** @return how many bytes were taken: all, unless the stream ended */
        long data(InputStream from, long length) throws IOException;

        void hole(long length) throws IOException;
    }

    /** @param what the archive, at the beginning of sentences about it */
    public TarReader(InputStream archive, String what) {
        in = new TarInput(archive, what);
    }

    /** The next member, or null at the end. Content of the one before that was not read is passed over. */
    public TarMember next() throws IOException {
        if (body != null) {
            body.pass();
            body = null;
        }
        byte[] block = new byte[TarInput.BLOCK];
        while (!ended) {
            boolean first = in.position() == 0;
            if (first) {
                Signature.check(in);
            }
            if (!in.block(block)) {
                throw in.truncated();
            }
            if (TarHeader.isZero(block)) {
                end();
                return null;
            }
            if (!TarHeader.isValid(block)) {
                throw first ? in.noTar("", null) : in.wrong("has a header of a wrong checksum");
            }
            TarHeader header = new TarHeader(block, in);
            if (!extension(header)) {
                return member(header);
            }
        }
        return null;
    }

    private boolean extension(TarHeader header) throws IOException {
        switch (header.type()) {
            case 'x', 'X' -> {
                pax.read(part(header, PaxHeader.LONGEST), in);
                waited = true;
                everPax = true;
            }
            case 'g' -> {
                global.read(part(header, PaxHeader.LONGEST), in);
                everPax = true;
                if (global.has("GNU.volume.offset")) {
                    throw laterVolume();
                }
            }
            case 'L' -> {
                longName = untilNul(part(header, LONGEST_NAME));
                waited = true;
            }
            case 'K' -> {
                longTarget = untilNul(part(header, LONGEST_NAME));
                waited = true;
            }
            case 'V' -> {
                in.pass(size(header.size()));
                in.pad(header.size());
            }
            case 'M' -> throw laterVolume();
            default -> {
                return false;
            }
        }
        return true;
    }

    private TarException laterVolume() {
        return in.wrong("is a later volume of an archive of several", "join the volumes first (tarcat, of GNU tar), or make one archive");
    }

    private byte[] part(TarHeader header, int most) throws IOException {
        long size = header.size();
        if (size < 0 || size > most) {
            throw in.wrong("has an extended header of " + size + " bytes, more than can be real");
        }
        byte[] bytes = in.bytes((int) size);
        in.pad(size);
        return bytes;
    }

    private static byte[] untilNul(byte[] text) {
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return Arrays.copyOf(text, end);
    }

    private long size(long size) throws TarException {
        if (size < 0 || size > LARGEST) {
            throw in.wrong("has a member of an impossible size");
        }
        return size;
    }

    private TarMember member(TarHeader header) throws IOException {
        List<String> problems = new ArrayList<>();
        byte[] name = name(header);
        byte[] target = pax.name("linkpath", in);
        target = target != null ? target : longTarget != null ? longTarget : header.target();
        char type = (char) (header.type() & 0xFF);
        EntryType made = switch (type) {
            case '2' -> EntryType.SYMLINK;
            case '3' -> EntryType.CHAR_DEVICE;
            case '4' -> EntryType.BLOCK_DEVICE;
            case '5', 'D' -> EntryType.DIRECTORY;
            case '6' -> EntryType.FIFO;
            default -> type != '1' && name.length > 0 && name[name.length - 1] == '/' ? EntryType.DIRECTORY : EntryType.FILE;
        };
        boolean device = made == EntryType.CHAR_DEVICE || made == EntryType.BLOCK_DEVICE;
        if (made == EntryType.FILE && type != 0 && "017S".indexOf(type) < 0) {
            problems.add("is of the type '" + (type > ' ' && type < 0x7F ? String.valueOf(type) : "\\" + Integer.toOctalString(type))
                    + "', which nobody knows: it is kept as a file");
        }
        Attributes attributes = attributes(header, problems);
        byte[] user = pax.name("uname", in);
        byte[] group = pax.name("gname", in);
        int major = device ? (int) id(pax.number("SCHILY.devmajor", header.major(), in), "device number") : 0;
        int minor = device ? (int) id(pax.number("SCHILY.devminor", header.minor(), in), "device number") : 0;
        long archived = size(pax.number("size", header.size(), in));
        if (archived > 0 && (type >= '1' && type <= '6') && !(type == '1' && everPax) && !contentFollows()) {
            archived = 0;
        }
        body = TarBody.of(header, pax, archived, made == EntryType.FILE && type != '1', in);
        TarMember member = new TarMember(name, made, type == '1', type == '1' || type == '2' ? target : NONE, attributes,
                user != null ? user : header.user(), group != null ? group : header.group(), major, minor,
                made == EntryType.FILE ? body.size() : 0, problems);
        pax = new PaxHeader(global);
        longName = null;
        longTarget = null;
        waited = false;
        return member;
    }

    private byte[] name(TarHeader header) throws TarException {
        byte[] sparse = pax.name("GNU.sparse.name", in);
        byte[] path = sparse != null ? sparse : pax.name("path", in);
        byte[] name = path != null ? path : longName != null ? longName : header.name();
        if (name.length > LONGEST_NAME) {
            throw in.wrong("has a name of " + name.length + " bytes, more than can be real");
        }
        return name;
    }

    private Attributes attributes(TarHeader header, List<String> problems) throws TarException {
        long seconds;
        int nanos = 0;
        byte[] mtime = pax.get("mtime");
        if (mtime == null) {
            seconds = header.mtime();
        } else {
            PaxTime time = PaxTime.parse(mtime, in);
            seconds = time.seconds();
            nanos = time.nanos();
        }
        return new Attributes(header.mode(), id(pax.number("uid", header.uid(), in), "user id"), id(pax.number("gid", header.gid(), in), "group id"),
                seconds, nanos, null, TarXattrs.of(pax, ids, problems, in), FileFlags.of(pax.get("SCHILY.fflags"), problems), 0);
    }

    private long id(long number, String name) throws TarException {
        if (number < 0 || number > MOST_ID) {
            throw in.wrong("has a header whose " + name + " is too large");
        }
        return number;
    }

    /** Whether what comes next is no header, and so must be content. */
    private boolean contentFollows() throws IOException {
        byte[] next = new byte[TarInput.BLOCK];
        return in.peek(next) == TarInput.BLOCK && !TarHeader.isZero(next) && !TarHeader.isValid(next);
    }

    /** Gives the content of the file in hand, all of it. */
    public void content(Sink sink) throws IOException {
        body.give(sink);
    }

    /** Reads on to the end of the input, so that whatever writes it can end well. */
    private void end() throws IOException {
        if (waited) {
            throw in.wrong("ends behind an extended header, before the member that it is for");
        }
        ended = true;
        byte[] block = new byte[TarInput.BLOCK];
        int there = in.peek(block);
        oneZeroBlock = there == 0;
        byte[] rest = new byte[128 * TarInput.BLOCK];
        for (int got = in.read(rest); got >= 0; got = in.read(rest)) {
            int i = 0;
            while (behind == 0 && i < got && rest[i] == 0) {
                i++;
            }
            behind += got - i;
        }
    }

    /** At the end: how many bytes stand behind the end of the archive, which tar would not read; zeros that fill it up do not count. */
    public long behindTheEnd() {
        return behind;
    }

    /** At the end: whether only one of the two blocks at the end is there. */
    public boolean endsOddly() {
        return oneZeroBlock;
    }
}
