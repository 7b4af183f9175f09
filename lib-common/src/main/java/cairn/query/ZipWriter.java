package cairn.query;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.ByteWriter;
import cairn.posix.RawString;
import cairn.repo.Repository;
import cairn.tree.Attributes;
import cairn.tree.Entry;
import cairn.tree.EntryType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes a ZIP archive (APPNOTE 6.3) as a stream: sizes follow the content, files and archives of any size as ZIP64,
 * modes in the external attributes as Info-ZIP has them, times and owners in the extra fields UT (0x5455) and ux
 * (0x7875). The central directory waits in a temporary file. Holes become zeros, hard links files of their own;
 * devices, FIFOs, sockets and extended attributes have no place in the format.
 */
public final class ZipWriter implements ArchiveWriter {
    private static final long MAX32 = 0xFFFFFFFFL;
    private static final int DESCRIPTOR = 8;
    private static final int UTF8 = 0x800;
    private static final int DEFLATED = 8;
    private static final int MADE_BY_UNIX_45 = 3 << 8 | 45;

    private final long limit;
    private final Listener listener;
    private final FileContent content;
    private final OutputStream out;
    private final FileChannel central;
    private final OutputStream centralOut;
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final byte[] buffer = new byte[64 << 10];
    private final CRC32 crc = new CRC32();
    private long written;
    private long entries;
    private long plain;

    /** @param scratch for a temporary file; null for the system's folder */
    public ZipWriter(Repository repository, OutputStream out, Listener listener, Path scratch) throws IOException {
        this(repository, out, listener, scratch, MAX32);
    }

    /** @param limit sizes and places from here on are written as ZIP64, at most 2^32 - 1 */
    ZipWriter(Repository repository, OutputStream out, Listener listener, Path scratch, long limit) throws IOException {
        this.limit = limit;
        this.listener = listener;
        this.content = new FileContent(repository);
        this.out = out;
        Path file = scratch == null ? Files.createTempFile("cairn-zip", null) : Files.createTempFile(scratch, "zip", null);
        central = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        centralOut = new BufferedOutputStream(Channels.newOutputStream(central), 1 << 16);
    }

    @Override
    public void add(byte[] path, Entry entry) throws IOException {
        switch (entry) {
            case Entry.Directory directory when path.length == 1 && path[0] == '.' -> {
                return; // the folder that it is unpacked into
            }
            case Entry.Directory directory -> {
                byte[] name = Arrays.copyOf(path, path.length + 1);
                name[path.length] = '/';
                whole(name, entry, new byte[0]);
            }
            case Entry.Symlink link -> whole(path, entry, link.target());
            case Entry.File file when file.size() == 0 -> whole(path, entry, new byte[0]);
            case Entry.File file -> file(path, file);
            case Entry.Special special -> listener.cannotHold(path, "is a " + special.type().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                    + ", which a ZIP archive cannot hold");
        }
    }

    /** An entry whose bytes are at hand: stored as they are, sizes first. */
    private void whole(byte[] name, Entry entry, byte[] bytes) throws IOException {
        long offset = written;
        crc.reset();
        crc.update(bytes);
        local(name, entry, 0, 0, crc.getValue(), bytes.length, false);
        write(bytes, 0, bytes.length);
        central(name, entry, 0, 0, crc.getValue(), bytes.length, bytes.length, offset, false);
    }

    private void file(byte[] name, Entry.File file) throws IOException {
        long offset = written;
        boolean large = file.size() >= limit - (limit >> 8); // what does not compress becomes a little longer
        local(name, file, DESCRIPTOR, DEFLATED, 0, 0, large);
        long start = written;
        deflate(name, file);
        long compressed = written - start;
        ByteWriter descriptor = new ByteWriter(24).u32(0x08074b50).u32((int) crc.getValue());
        if (large) {
            descriptor.u64(compressed).u64(plain);
        } else {
            descriptor.u32((int) compressed).u32((int) plain);
        }
        write(descriptor.array(), 0, descriptor.size());
        central(name, file, DESCRIPTOR, DEFLATED, crc.getValue(), compressed, plain, offset, large);
    }

    private void deflate(byte[] name, Entry.File file) throws IOException {
        crc.reset();
        plain = 0;
        deflater.reset();
        OutputStream sink = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int at, int length) throws IOException {
                crc.update(bytes, at, length);
                plain += length;
                deflater.setInput(bytes, at, length);
                while (!deflater.needsInput()) {
                    ZipWriter.this.write(buffer, 0, deflater.deflate(buffer));
                }
            }
        };
        try {
            content.copy(file, sink);
        } catch (CairnException damaged) {
            Damage.orThrow(damaged);
            listener.damaged(name, damaged);
            FileContent.zeros(sink, file.size() - plain);
        }
        deflater.finish();
        while (!deflater.finished()) {
            write(buffer, 0, deflater.deflate(buffer));
        }
    }

    private void local(byte[] name, Entry entry, int flags, int method, long sum, long size, boolean large) throws IOException {
        ByteWriter extra = extra(entry.attributes());
        if (large) {
            extra.u16(0x0001).u16(16).u64(0).u64(0);
        }
        ByteWriter head = new ByteWriter(64).u32(0x04034b50).u16(large ? 45 : 20);
        common(head, name, entry, flags, method, sum, large ? MAX32 : size, large ? MAX32 : size, extra.size());
        write(head.array(), 0, head.size());
        write(name, 0, name.length);
        write(extra.array(), 0, extra.size());
    }

    private void central(byte[] name, Entry entry, int flags, int method, long sum, long compressed, long size, long offset, boolean large)
            throws IOException {
        ByteWriter extra = extra(entry.attributes());
        boolean sizes = large || compressed >= limit || size >= limit;
        boolean far = offset >= limit;
        if (sizes || far) {
            extra.u16(0x0001).u16((sizes ? 16 : 0) + (far ? 8 : 0));
            if (sizes) {
                extra.u64(size).u64(compressed);
            }
            if (far) {
                extra.u64(offset);
            }
        }
        ByteWriter head = new ByteWriter(64).u32(0x02014b50).u16(MADE_BY_UNIX_45).u16(sizes || far ? 45 : 20);
        common(head, name, entry, flags, method, sum, sizes ? MAX32 : compressed, sizes ? MAX32 : size, extra.size());
        int mode = entry.type().modeBits() | entry.attributes().mode();
        head.u16(0).u16(0).u16(0).u32(mode << 16 | (entry.type() == EntryType.DIRECTORY ? 0x10 : 0)).u32((int) (far ? MAX32 : offset));
        centralOut.write(head.array(), 0, head.size());
        centralOut.write(name);
        centralOut.write(extra.array(), 0, extra.size());
        entries++;
    }

    private static void common(ByteWriter head, byte[] name, Entry entry, int flags, int method, long sum, long compressed, long size, int extra)
            throws IOException {
        if (name.length > 0xFFFF) {
            throw new CairnException(ExitCode.FAILED, "a path has more bytes than a ZIP archive can hold", "use --format tar");
        }
        int time = dosTime(entry.attributes());
        head.u16(flags | (RawString.isUtf8(name) ? UTF8 : 0)).u16(method).u16(time & 0xFFFF).u16(time >>> 16).u32((int) sum)
                .u32((int) compressed).u32((int) size).u16(name.length).u16(extra);
    }

    /** Time (if 32 bits hold it) and owner. */
    private static ByteWriter extra(Attributes a) {
        ByteWriter extra = new ByteWriter(64);
        if (a.mtimeSeconds() == (int) a.mtimeSeconds()) {
            extra.u16(0x5455).u16(5).u8(1).u32((int) a.mtimeSeconds());
        }
        return extra.u16(0x7875).u16(11).u8(1).u8(4).u32((int) a.uid()).u8(4).u32((int) a.gid());
    }

    /** The date in the upper half, the time in the lower, in UTC, between 1980 and 2107: for programs that do not know UT. */
    private static int dosTime(Attributes a) {
        try {
            LocalDateTime time = LocalDateTime.ofEpochSecond(a.mtimeSeconds(), 0, ZoneOffset.UTC);
            if (time.getYear() >= 1980 && time.getYear() <= 2107) {
                return time.getYear() - 1980 << 25 | time.getMonthValue() << 21 | time.getDayOfMonth() << 16 | time.getHour() << 11
                        | time.getMinute() << 5 | time.getSecond() / 2;
            }
            return time.getYear() < 1980 ? 1 << 21 | 1 << 16 : 127 << 25 | 12 << 21 | 31 << 16;
        } catch (DateTimeException e) {
            return 1 << 21 | 1 << 16;
        }
    }

    private void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        written += length;
    }

    @Override
    public void finish() throws IOException {
        centralOut.flush();
        long start = written;
        central.position(0);
        ByteBuffer piece = ByteBuffer.wrap(buffer);
        for (int got = central.read(piece); got >= 0; got = central.read(piece)) {
            write(buffer, 0, got);
            piece.clear();
        }
        long size = written - start;
        ByteWriter end = new ByteWriter(128);
        boolean zip64 = entries >= 0xFFFF || size >= limit || start >= limit;
        if (zip64) {
            end.u32(0x06064b50).u64(44).u16(MADE_BY_UNIX_45).u16(45).u32(0).u32(0).u64(entries).u64(entries).u64(size).u64(start);
            end.u32(0x07064b50).u32(0).u64(written).u32(1);
        }
        int count = zip64 ? 0xFFFF : (int) entries;
        end.u32(0x06054b50).u16(0).u16(0).u16(count).u16(count).u32((int) (zip64 ? MAX32 : size)).u32((int) (zip64 ? MAX32 : start)).u16(0);
        write(end.array(), 0, end.size());
    }

    @Override
    public void close() throws IOException {
        deflater.end();
        content.close();
        central.close();
    }
}
