package cairn.tar;

import static cairn.tar.TarMaker.put;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.tree.EntryType;
import cairn.tree.Xattr;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reader makes of archives of each format, made by hand. */
class TarReaderTest {
    /** A member and its content: data as it is, a hole as {@code <length>}. */
    record Read(TarMember member, String content) {
        String name() {
            return text(member.name());
        }

        String xattrs() {
            StringBuilder all = new StringBuilder();
            for (Xattr xattr : member.attributes().xattrs()) {
                all.append(text(xattr.name())).append('=').append(text(xattr.value())).append(';');
            }
            return all.toString();
        }
    }

    static String text(byte[] raw) {
        return new String(raw, StandardCharsets.ISO_8859_1);
    }

    private static TarReader reader(byte[] archive) {
        return new TarReader(new ByteArrayInputStream(archive), "it");
    }

    private static String content(TarReader reader) throws IOException {
        StringBuilder content = new StringBuilder();
        reader.content(new TarReader.Sink() {
            @Override
            public long data(InputStream from, long length) throws IOException {
                byte[] bytes = from.readNBytes((int) length);
                content.append(text(bytes));
                return bytes.length;
            }

            @Override
            public void hole(long length) {
                content.append('<').append(length).append('>');
            }
        });
        return content.toString();
    }

    static List<Read> read(byte[] archive) throws IOException {
        TarReader reader = reader(archive);
        List<Read> all = new ArrayList<>();
        for (TarMember member = reader.next(); member != null; member = reader.next()) {
            all.add(new Read(member, member.type() == EntryType.FILE && (!member.hardLink() || member.size() > 0) ? content(reader) : ""));
        }
        return all;
    }

    static Read only(TarMaker maker) throws IOException {
        // something behind it shows that all of it was taken, and no more
        List<Read> all = read(maker.file("behind", "it").end().bytes());
        assertEquals(2, all.size());
        assertEquals("behind", all.get(1).name());
        assertEquals("it", all.get(1).content());
        assertEquals(100, all.get(1).member().attributes().mtimeSeconds());
        return all.getFirst();
    }

    static TarException refused(String why, byte[] archive) {
        TarException e = assertThrows(TarException.class, () -> read(archive));
        assertTrue(e.getMessage().contains(why), e.getMessage());
        return e;
    }

    static void refused(String why, TarMaker maker) {
        refused(why, maker.end().bytes());
    }

    @Test
    void aHeaderOfUstar() throws IOException {
        Read file = only(new TarMaker().header("b\377", '0', 3, block -> put(block, 345, "p/q")).content("abc"));
        assertEquals("p/q/b\377", file.name());
        assertEquals("abc", file.content());
        assertEquals(0640, file.member().attributes().mode());
        assertEquals(7, file.member().attributes().uid());
        assertEquals(9, file.member().attributes().gid());
        assertEquals("user group", text(file.member().user()) + " " + text(file.member().group()));
    }

    @Test
    void namesThatFillTheirFields() throws IOException {
        String name = "n".repeat(100);
        String prefix = "p".repeat(155);
        assertEquals(prefix + "/" + name, only(new TarMaker().header(name, '0', 0, block -> put(block, 345, prefix))).name());
        // star has times behind a shorter prefix
        assertEquals("p".repeat(131) + "/" + name, only(new TarMaker().header(name, '0', 0, block -> {
            put(block, 345, "p".repeat(131) + "00000000144 00000000144 ");
            put(block, 508, "tar\0");
        })).name());
    }

    @Test
    void headersOlderThanUstar() throws IOException {
        Consumer<byte[]> old = block -> Arrays.fill(block, 257, 512, (byte) 'x');
        Read folder = only(new TarMaker().header("d/", '\0', 0, old));
        assertEquals(EntryType.DIRECTORY, folder.member().type());
        Read file = only(new TarMaker().header("f", '\0', 1, old).content("f"));
        assertEquals("f", file.name() + file.content().substring(1));
        assertEquals(0, file.member().user().length);
        assertEquals("gnu", only(new TarMaker().header("gnu", '0', 0, block -> {
            put(block, 257, "ustar  \0");
            put(block, 345, "00000000144");
        })).name());
    }

    @Test
    void numbersOfAllKinds() throws IOException {
        assertEquals(4_000_000_000L, only(new TarMaker().header("f", '0', 0, block -> binary(block, 108, 8, 4_000_000_000L))).member().attributes().uid());
        assertEquals(-5_000_000_000L, only(new TarMaker().header("f", '0', 0, block -> binary(block, 136, 12, -5_000_000_000L))).member().attributes()
                .mtimeSeconds());
        assertEquals(8, only(new TarMaker().header("f", '0', 0, block -> put(block, 108, "    10 \0"))).member().attributes().uid());
        assertEquals(0, only(new TarMaker().header("f", '0', 0, block -> put(block, 108, "       \0"))).member().attributes().uid());
        assertEquals(07777777_7L, only(new TarMaker().header("f", '0', 0, block -> put(block, 108, "77777777"))).member().attributes().uid());
        for (String bad : List.of("8\0", "-1\0", "0x1\0", "1_\0")) {
            refused("is no number", new TarMaker().header("f", '0', 0, block -> put(block, 108, bad)));
        }
        refused("too large", new TarMaker().header("f", '0', 0, block -> binary(block, 108, 8, -2)));
        refused("too large", new TarMaker().header("f", '0', 0, block -> put(block, 124, "\200\1\0\0\0\0\0\0\0\0\0\0")));
        refused("impossible size", new TarMaker().header("f", '0', 0, block -> binary(block, 124, 12, -1)));
        refused("impossible size", new TarMaker().header("f", '0', 0, block -> binary(block, 124, 12, Long.MAX_VALUE)));
    }

    private static void binary(byte[] block, int at, int length, long value) {
        for (int i = at + length - 1; i >= at; i--, value >>= 8) {
            block[i] = (byte) value;
        }
        block[at] |= (byte) 0x80;
    }

    @Test
    void sumsOfSignedBytesAreRightToo() throws IOException {
        byte[] archive = new TarMaker().header("\377\376", '0', 0).end().bytes();
        int unsigned = Integer.parseInt(text(Arrays.copyOfRange(archive, 148, 154)), 8);
        put(archive, 148, String.format("%06o\0 ", unsigned - 512));
        assertEquals("\377\376", read(archive).getFirst().name());
        put(archive, 148, String.format("%06o\0 ", unsigned - 511));
        refused("is no tar archive", archive);
    }

    @Test
    void aWrongSumIsFoundAnywhere() {
        byte[] archive = new TarMaker().file("a", "b").file("c", "d").end().bytes();
        archive[2 * TarMaker.BLOCK] ^= 1;
        refused("a header of a wrong checksum", archive);
    }

    @Test
    void linksAndSpecialFiles() throws IOException {
        Read hard = only(new TarMaker().link('1', "h", "target"));
        assertTrue(hard.member().hardLink());
        assertEquals("target", text(hard.member().target()));
        Read soft = only(new TarMaker().link('2', "s", "/to//../x/"));
        assertEquals(EntryType.SYMLINK, soft.member().type());
        assertEquals("/to//../x/", text(soft.member().target()));
        Consumer<byte[]> numbers = block -> {
            put(block, 329, "0000401\0");
            put(block, 337, "3777777\0");
        };
        Read device = only(new TarMaker().header("c", '3', 0, numbers));
        assertEquals(EntryType.CHAR_DEVICE, device.member().type());
        assertEquals(0401, device.member().major());
        assertEquals(03777777, device.member().minor());
        assertEquals(EntryType.BLOCK_DEVICE, only(new TarMaker().header("b", '4', 0, numbers)).member().type());
        Read fifo = only(new TarMaker().header("p", '6', 0, numbers));
        assertEquals(EntryType.FIFO, fifo.member().type());
        assertEquals(0, fifo.member().major());
        assertEquals(7, only(new TarMaker().pax("SCHILY.devmajor=5", "SCHILY.devminor=7").header("c", '3', 0, numbers)).member().minor());
    }

    @Test
    void namesInExtensions() throws IOException {
        String name = "a/".repeat(200) + "\377";
        assertEquals(name, only(new TarMaker().gnuLong('L', name).header("a/a", '0', 0)).name());
        Read link = only(new TarMaker().gnuLong('K', name).gnuLong('L', "other").link('2', "a", "b"));
        assertEquals("other", link.name());
        assertEquals(name, text(link.member().target()));
        Read pax = only(new TarMaker().gnuLong('L', "gnu").pax("hdrcharset=BINARY", "path=pa\nth=\377", "linkpath=li=nk", "uname=U", "gname=G", "unknown=x")
                .link('2', "a", "b"));
        assertEquals("pa\nth=\377", pax.name());
        assertEquals("li=nk", text(pax.member().target()));
        assertEquals("UG", text(pax.member().user()) + text(pax.member().group()));
    }

    @Test
    void globalHeadersCountUntilTheyAreReplacedOrTakenBack() throws IOException {
        List<Read> all = read(new TarMaker().pax('g', "uid=50", "uname=everybody", "comment=x").file("a", "").pax("uid=60", "uname=").file("b", "")
                .pax('g', "uid=70").file("c", "").pax('g', "uid=").file("d", "").end().bytes());
        assertEquals(List.of(50L, 60L, 70L, 7L), all.stream().map(read -> read.member().attributes().uid()).toList());
        assertEquals(List.of("everybody", "user", "everybody", "everybody"), all.stream().map(read -> text(read.member().user())).toList());
        assertEquals(List.of(), read(new TarMaker().pax('g', "comment=nothing follows").end().bytes()));
    }

    @Test
    void anExtendedHeaderCountsForOneMember() throws IOException {
        List<Read> all = read(new TarMaker().pax("path=new", "uid=50").file("a", "").file("b", "").end().bytes());
        assertEquals("b", all.get(1).name());
        assertEquals(7, all.get(1).member().attributes().uid());
    }

    @ParameterizedTest
    @CsvSource({"0,0,0", "1.5,1,500000000", "1700000000.123456789,1700000000,123456789", "1.0000000019,1,1", "-1,-1,0", "-1.5,-2,500000000",
            "-0.000000001,-1,999999999", "-0.9999999999,-1,0", "-0.0000000001,-1,999999999", "-1.,-1,0", "99999999999.000000000,99999999999,0"})
    void times(String text, long seconds, int nanos) throws IOException {
        Read file = only(new TarMaker().pax("mtime=" + text).file("a", ""));
        assertEquals(seconds, file.member().attributes().mtimeSeconds());
        assertEquals(nanos, file.member().attributes().mtimeNanos());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mtime=x", "mtime=-", "mtime=.5", "mtime=1e9", "mtime=1.5.1", "mtime=9999999999999999999", "uid=-1", "uid=1x", "uid=4294967296",
            "size=-1", "size=99999999999999999999", "path=a\0b", "linkpath=\0", "LIBARCHIVE.xattr.user.a=*", "GNU.sparse.numbytes=5"})
    void valuesThatCannotBe(String record) {
        refused("it has ", new TarMaker().pax(record).file("a", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5 a=", "x a=b\n", "6 a=b\n7", "0 a=b\n", "99999999999 a=b\n", "8 a=b\n\n", "4 a\n", "5 =b\n", " a=b\n", "6", "6a=b\nx"})
    void recordsThatAreNone(String records) {
        refused("extended header", new TarMaker().header("x", 'x', records.length()).content(records).file("a", ""));
    }

    @Test
    void extendedAttributes() throws IOException {
        assertEquals("security.selinux=label\0;user.=;user.a=b%c=1;user.empty=;user.n\n=\0\377\n;", only(new TarMaker().pax("SCHILY.xattr.user.n\n=\0\377\n",
                "SCHILY.xattr.user.empty=", "SCHILY.xattr.user.a%3Db%25c=1", "SCHILY.xattr.user.=", "RHT.security.selinux=label").file("a", "")).xattrs());
        // bsdtar writes both, and the first kind has no way to say '='
        assertEquals("user.%41=\0\1;user.a=b=1;", only(new TarMaker().pax("SCHILY.xattr.user.a=b=1", "LIBARCHIVE.xattr.user.a%3db=MQ",
                "LIBARCHIVE.xattr.user.%2541=AAE=")
                .file("a", "")).xattrs());
        assertEquals("user.x=global;", only(new TarMaker().pax('g', "SCHILY.xattr.user.x=global").pax("SCHILY.xattr.user.y=").file("a", "")).xattrs()
                .replace("user.y=;", ""));
        Read bad = only(new TarMaker().pax("SCHILY.xattr." + "n".repeat(256) + "=1", "SCHILY.xattr.a\0b=1").file("a", ""));
        assertEquals("", bad.xattrs());
        assertEquals(2, bad.member().problems().size());
    }

    @Test
    void accessControlLists() throws IOException {
        String access = "0200000001000600ffffffff" + "02000400e803000002000700d0070000" + "04000400ffffffff" + "080006000a000000" + "10000600ffffffff"
                + "20000400ffffffff";
        for (String acl : List.of("user::rw-,user:2000:rwx,user:1000:r--,group::r--,group:10:rw-,mask::rw-,other::r--",
                "u::rw-\nuser:nobody-of-this-name:rwx:2000\nuser:1000:r--\t#effective:r--\ng::r--\ngroup:10:rw-\nmask:rw-\nother:r--\n")) {
            Read file = only(new TarMaker().pax("SCHILY.acl.access=" + acl).file("a", ""));
            assertEquals(List.of(), file.member().problems());
            assertEquals("system.posix_acl_access", text(file.member().attributes().xattrs().getFirst().name()));
            assertEquals(access, HexFormat.of().formatHex(file.member().attributes().xattrs().getFirst().value()));
        }
        assertEquals("", only(new TarMaker().pax("SCHILY.acl.access=user::rw-,group::r--,other::---").file("a", "")).xattrs());
        assertTrue(only(new TarMaker().pax("SCHILY.acl.default=default:user::rw-,group::r--,other::---").folder("a")).xattrs()
                .startsWith("system.posix_acl_default="));
        for (String bad : List.of("x", "user::rw-", "user::rw-,group::r--,other::---,other::---", "user::rwq,group::r--,other::---",
                "user::rw-,user:no-such-user-here:r--,group::r--,mask::r--,other::---", "user::rw-,user:5:r--,group::r--,other::---",
                "user::rw-,user:5:r--,user:5:r--,group::r--,mask::r--,other::---", "user::rw-,user:4294967295:r--,group::r--,mask::r--,other::---")) {
            Read file = only(new TarMaker().pax("SCHILY.acl.access=" + bad).file("a", ""));
            assertEquals("", file.xattrs(), bad);
            assertTrue(file.member().problems().getFirst().contains("access control list"), bad);
        }
        assertEquals(1, only(new TarMaker().pax("SCHILY.acl.ace=x").file("a", "")).member().problems().size());
    }

    @Test
    void fileFlags() throws IOException {
        assertEquals(0x10 | 0x40, only(new TarMaker().pax("SCHILY.fflags=schg,nodump").file("a", "")).member().attributes().inodeFlags());
        Read foreign = only(new TarMaker().pax("SCHILY.fflags=hidden,opaque").file("a", ""));
        assertEquals(0, foreign.member().attributes().inodeFlags());
        assertEquals(1, foreign.member().problems().size());
    }

    @Test
    void contentThatIsNotReadIsPassedOver() throws IOException {
        String map = "1\n5\n700\n" + "\0".repeat(TarMaker.BLOCK - 8);
        TarReader reader = reader(new TarMaker().file("a", "x".repeat(1000)).pax("GNU.sparse.major=1", "GNU.sparse.realsize=2000")
                .file("s", map + "y".repeat(700))
                .header("D", 'D', 7).content("Yname\0\0").file("c", "z").end().bytes());
        List<String> names = new ArrayList<>();
        for (TarMember member = reader.next(); member != null; member = reader.next()) {
            names.add(text(member.name()) + member.size());
        }
        assertEquals(List.of("a1000", "s2000", "D0", "c1"), names);
    }

    @Test
    void contentOfWhatHasNone() throws IOException {
        // old programs tell the size of the file and write no content
        Read old = only(new TarMaker().header("h", '1', 1000, block -> put(block, 157, "t")));
        assertEquals(0, old.member().size());
        Read full = only(new TarMaker().pax("mtime=100").header("h", '1', 3, block -> put(block, 157, "t")).content("abc"));
        assertTrue(full.member().hardLink());
        assertEquals("abc", full.content());
        Read ustar = only(new TarMaker().header("h", '1', 3, block -> put(block, 157, "t")).content("abc"));
        assertEquals("abc", ustar.content());
        assertEquals(0, only(new TarMaker().header("d/", '5', 1000)).member().size());
        assertEquals(0, only(new TarMaker().header("d/", '5', 3).content("abc")).member().size());
        // in an archive of pax a hard link to an archive has one as content, which is no member
        byte[] inner = new TarMaker().file("inner", "").end().bytes();
        assertEquals("h", only(new TarMaker().pax("mtime=100").header("h", '1', inner.length).content(text(inner))).name());
    }

    @Test
    void unknownTypesAreFilesAndTold() throws IOException {
        Read file = only(new TarMaker().header("u", 'Q', 3).content("abc"));
        assertEquals(EntryType.FILE, file.member().type());
        assertEquals("abc", file.content());
        assertTrue(file.member().problems().getFirst().contains("the type 'Q'"));
        assertTrue(only(new TarMaker().header("u", '\1', 0)).member().problems().getFirst().contains("the type '\\1'"));
        assertEquals(List.of(), only(new TarMaker().header("c", '7', 0)).member().problems());
    }

    @Test
    void volumes() throws IOException {
        assertEquals("f", only(new TarMaker().header("the name", 'V', 0).file("f", "")).name());
        refused("later volume", new TarMaker().header("f", 'M', 100).content("x"));
        refused("later volume", new TarMaker().pax('g', "GNU.volume.filename=f", "GNU.volume.size=10", "GNU.volume.offset=5").file("f", "x"));
    }

    @Test
    void anArchiveThatIsCutOffIsNone() throws IOException {
        byte[] whole = new TarMaker().gnuLong('L', "n".repeat(150)).file("n", "abc").pax("path=p").file("p", "x".repeat(600))
                .pax("GNU.sparse.major=1", "GNU.sparse.realsize=20").file("s", "1\n5\n3\n" + "\0".repeat(506) + "abc").bytes();
        assertEquals(3, read(Arrays.copyOf(whole, whole.length + 1024)).size());
        for (int length = 0; length <= whole.length; length++) {
            TarException e = refused("", Arrays.copyOf(whole, length));
            assertTrue(e.endedEarly() || length > 0 && length < TarMaker.BLOCK, e.getMessage());
        }
        assertFalse(refused("before the member", new TarMaker().pax("path=p").end().bytes()).endedEarly());
    }

    @Test
    void theEnd() throws IOException {
        byte[] member = new TarMaker().file("a", "b").bytes();
        TarReader one = reader(Arrays.copyOf(member, member.length + 512));
        one.next();
        assertEquals(null, one.next());
        assertTrue(one.endsOddly());
        TarReader filled = reader(Arrays.copyOf(member, 20 * 512));
        filled.next();
        assertEquals(null, filled.next());
        assertEquals(null, filled.next());
        assertFalse(filled.endsOddly());
        assertEquals(0, filled.behindTheEnd());
        for (byte[] archive : List.of(new TarMaker().file("a", "b").end().file("c", "").bytes(), new TarMaker().file("a", "b").zeros(512)
                .file("c", "").bytes())) {
            TarReader further = reader(archive);
            further.next();
            assertEquals(null, further.next());
            assertEquals(512, further.behindTheEnd());
        }
    }

    @Test
    void whatIsCompressedIsNamed() {
        for (String[] one : new String[][] {{"\37\213\10", "gzip"}, {"\50\265\57\375", "zstd"}, {"\3757zXZ\0", "xz"}, {"BZh9", "bzip2"}}) {
            TarException e = refused("compressed by " + one[1], TarMaker.raw(one[0] + "x".repeat(600)));
            assertTrue(e.remedy().contains("| " + one[1] + " -d'"), e.remedy());
        }
        refused("is no tar archive", TarMaker.raw("text\n".repeat(200)));
        assertTrue(refused("after 0 bytes", new byte[0]).endedEarly());
    }

    @Test
    void claimedLengthsTakeNoMemory() {
        refused("more than can be real", new TarMaker().header("x", 'x', 1 << 25));
        refused("more than can be real", new TarMaker().header("x", 'x', 0, block -> binary(block, 124, 12, Long.MAX_VALUE)));
        refused("more than can be real", new TarMaker().header("x", 'g', 0, block -> binary(block, 124, 12, -1)));
        refused("more than can be real", new TarMaker().header("x", 'L', 2 << 20));
        assertTrue(refused("before the archive did", new TarMaker().header("x", 'L', 1 << 20).bytes()).endedEarly());
        String[] many = new String[17_000];
        Arrays.setAll(many, i -> "SCHILY.xattr.user." + i + "=");
        refused("more than 16384 extended attributes", new TarMaker().pax(many).file("a", ""));
    }

    @Test
    void headersThatComeAgainAndAgainTakeNoMemory() throws IOException {
        String big = "x".repeat(3 << 20);
        for (char type : new char[] {'x', 'g'}) {
            TarMaker three = new TarMaker().pax(type, "SCHILY.xattr.user.a=" + big).pax(type, "LIBARCHIVE.xattr.user.b=" + big).pax(type, "uname=" + big);
            refused("extended headers of more than 8388608 bytes for one member", three.file("f", ""));
        }
        TarMaker replaced = new TarMaker();
        for (int i = 0; i < 4; i++) {
            replaced.pax("SCHILY.xattr.user.a=" + i + big, "uname=" + i + big);
        }
        assertEquals(3 + big, text(only(replaced.file("f", "")).member().attributes().xattrs().getFirst().value()));
        TarMaker many = new TarMaker();
        for (int i = 0; i < 3; i++) {
            many.pax("SCHILY.xattr.user.a=" + i + big).file("f" + i, "");
        }
        assertEquals(3, read(many.end().bytes()).size());
    }

    @Test
    void readsInPiecesOfAnySize() throws IOException {
        byte[] archive = new TarMaker().pax("path=long " + "n".repeat(3000)).file("f", "x".repeat(70_000)).file("g", "y").end().bytes();
        InputStream slow = new InputStream() {
            private int at;

            @Override
            public int read() {
                return at < archive.length ? archive[at++] & 0xFF : -1;
            }

            @Override
            public int read(byte[] to, int offset, int most) {
                if (at == archive.length) {
                    return -1;
                }
                int step = Math.min(Math.min(most, 1 + at % 7), archive.length - at);
                System.arraycopy(archive, at, to, offset, step);
                at += step;
                return step;
            }
        };
        TarReader reader = new TarReader(slow, "it");
        assertEquals(3005, reader.next().name().length);
        assertEquals("x".repeat(70_000), content(reader));
        assertArrayEquals(TarMaker.raw("g"), reader.next().name());
        assertEquals("y", content(reader));
        assertEquals(null, reader.next());
    }
}
