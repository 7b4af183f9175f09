package cairn.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Heard;
import cairn.error.CairnException;
import cairn.format.Hash;
import cairn.robust.Fuzz;
import cairn.robust.Lab;
import cairn.store.MemoryStorage;
import cairn.tar.TarException;
import cairn.tar.TarMaker;
import cairn.tar.TarMember;
import cairn.tar.TarReader;
import cairn.tree.EntryType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Archives whose blocks were altered, with the sums of headers made right again so that what is behind them is reached: each is taken in, or
 * refused with an error for people and without a backup. {@code -Dcairn.seed=N -Dcairn.fuzz=100000} for others and for more.
 */
@Timeout(3600)
class TarFuzzTest {
    private static final int BLOCK = TarMaker.BLOCK;

    @TempDir
    Path temp;

    private final Random random = new Fuzz().random;
    private Lab lab;

    @BeforeEach
    void make() throws IOException {
        lab = new Lab(temp, false, 1);
    }

    /** Something of everything. */
    private static byte[] archive() {
        TarMaker maker = new TarMaker().pax('g', "comment=x", "uname=all").folder("./").file("a", "content of a").file("d/b", "x".repeat(1500))
                .link('1', "d/c", "a")
                .link('2', "l", "../..").header("dev", '3', 0).link('6', "fifo", "")
                .gnuLong('K', "t".repeat(130)).gnuLong('L', "n".repeat(140)).link('1', "n", "t")
                .pax("path=d/name", "mtime=-1.5", "uid=5", "SCHILY.xattr.user.a=b", "LIBARCHIVE.xattr.user.c=YWI",
                "SCHILY.acl.access=user::rw-,user:5:r--,group::r--,mask::r--,other::---",
                        "SCHILY.acl.default=user::rw-,group::r--,other::---", "SCHILY.fflags=nodump", "RHT.security.selinux=l")
                .file("x", "y")
                .pax("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.name=s1", "GNU.sparse.realsize=9000")
                .file("s", "2\n512\n3\n8000\n2\n" + "\0".repeat(497) + "abcde")
                .pax("GNU.sparse.size=900", "GNU.sparse.map=5,2,100,3", "GNU.sparse.name=s2").file("s", "abcde")
                .pax("GNU.sparse.size=900", "GNU.sparse.offset=5", "GNU.sparse.numbytes=5").file("s3", "abcde");
        byte[] extension = new byte[BLOCK];
        TarMaker.put(extension, 0, "00000001000\0" + "00000000001\0");
        return maker.header("s4", 'S', 5, block -> {
            TarMaker.put(block, 257, "ustar  \0");
            for (int i = 0; i < 4; i++) {
                TarMaker.put(block, 386 + 24 * i, String.format("%011o\0%011o\0", 10 * i, 1));
            }
            block[482] = 1;
            TarMaker.put(block, 483, "00000002000\0");
        }).content(new String(extension, StandardCharsets.ISO_8859_1)).content("abcde").header("D", 'D', 6).content("Ya\0Nb\0").end().bytes();
    }

    /** One or a few blocks altered, missing, doubled or exchanged. */
    private byte[] alter(byte[] from) {
        byte[] archive = from.clone();
        for (int i = random.nextInt(3); i >= 0 && archive.length >= BLOCK; i--) {
            int blocks = archive.length / BLOCK;
            int at = random.nextInt(blocks) * BLOCK;
            boolean header = archive[at + 257] == 'u' && archive[at + 258] == 's';
            switch (random.nextInt(10)) {
                case 0 -> archive = without(archive, at, 1);
                case 1 -> archive = with(archive, random.nextInt(blocks + 1) * BLOCK, Arrays.copyOfRange(archive, at, at + BLOCK));
                case 2 -> {
                    int other = random.nextInt(blocks) * BLOCK;
                    byte[] moved = Arrays.copyOfRange(archive, at, at + BLOCK);
                    System.arraycopy(archive, other, archive, at, BLOCK);
                    System.arraycopy(moved, 0, archive, other, BLOCK);
                }
                case 3 -> archive = Arrays.copyOf(archive, random.nextInt(archive.length + 1));
                case 4 -> archive = with(archive, at, new byte[BLOCK]);
                case 5 -> {
                    if (header) {
                        archive[at + 156] = (byte) "0123456757LKxXgVMDSQ\0".charAt(random.nextInt(21));
                    }
                }
                case 6 -> {
                    if (header) {
                        int field = new int[] {100, 108, 116, 124, 136, 329, 337, 386, 398, 483}[random.nextInt(10)];
                        TarMaker.put(archive, at + field, new String[] {"\377\377\377\377\377\377\377\377", "\200\0\0\0\100\0\0\0", "77777777777\0",
                                "\177\377\377\377\377",
                                "-1\0", "\0", "00000000001\0", "\200\0\0\0\0\0\0\1"}[random.nextInt(8)]);
                    }
                }
                default -> mutate(archive, at);
            }
            if (header && at + BLOCK <= archive.length && random.nextInt(16) > 0) {
                TarMaker.sum(archive, at);
            }
        }
        return archive;
    }

    private void mutate(byte[] archive, int block) {
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = block + random.nextInt(random.nextBoolean() ? BLOCK : 160);
            archive[at] = switch (random.nextInt(5)) {
                case 0 -> (byte) (archive[at] ^ 1 << random.nextInt(8));
                case 1 -> (byte) random.nextInt(256);
                case 2 -> (byte) "0123456789=,.-\n /%:".charAt(random.nextInt(19));
                case 3 -> 0;
                default -> (byte) '9';
            };
        }
    }

    private static byte[] without(byte[] archive, int at, int blocks) {
        byte[] less = Arrays.copyOf(archive, archive.length - blocks * BLOCK);
        System.arraycopy(archive, at + blocks * BLOCK, less, at, less.length - at);
        return less;
    }

    private static byte[] with(byte[] archive, int at, byte[] more) {
        byte[] all = Arrays.copyOf(archive, archive.length + more.length);
        System.arraycopy(archive, at, all, at + more.length, archive.length - at);
        System.arraycopy(more, 0, all, at, more.length);
        return all;
    }

    private interface Decoder {
        void decode(byte[] archive) throws IOException;
    }

    private void fuzz(int rounds, Decoder decoder) throws IOException {
        byte[] archive = archive();
        decoder.decode(archive);
        int refused = 0;
        for (int i = 0; i < rounds; i++) {
            byte[] altered = alter(archive);
            CairnException why = Fuzz.refusal(() -> decoder.decode(altered), "round " + i);
            assertTrue(why == null || why instanceof TarException || why.getMessage().contains("impossible path"), () -> why.toString());
            refused += why == null ? 0 : 1;
        }
        assertTrue(refused > rounds / 4, refused + " of " + rounds + " were refused");
        assertTrue(refused < rounds, "all were refused");
    }

    private static void list(byte[] archive) throws IOException {
        TarReader reader = new TarReader(new ByteArrayInputStream(archive), "it");
        for (TarMember member = reader.next(); member != null; member = reader.next()) {
            if (member.type() != EntryType.FILE || member.hardLink()) {
                continue;
            }
            long[] size = new long[1];
            reader.content(new TarReader.Sink() {
                @Override
                public long data(InputStream from, long length) throws IOException {
                    byte[] buffer = new byte[1000];
                    long total = 0;
                    for (int got = 0; total < length && got >= 0; total += Math.max(got, 0)) {
                        got = from.read(buffer, 0, (int) Math.min(buffer.length, length - total));
                    }
                    size[0] += total;
                    return total;
                }

                @Override
                public void hole(long length) {
                    assertTrue(length > 0);
                    size[0] += length;
                }
            });
            assertEquals(member.size(), size[0]);
        }
    }

    @Test
    void listings() throws IOException {
        fuzz(Fuzz.ROUNDS * 2, TarFuzzTest::list);
    }

    @Test
    void archivesAreSavedOrMakeNoBackup() throws IOException {
        TarBackups backups = new TarBackups(lab, new Heard());
        fuzz(Fuzz.ROUNDS / 80, archive -> {
            MemoryStorage storage = new MemoryStorage();
            Hash made = null;
            try {
                made = backups.save(storage, "/base", new ByteArrayInputStream(archive));
            } finally {
                assertEquals(made == null ? 0 : 1, storage.names("backups/").size());
            }
            assertEquals(List.of(), lab.verify(storage, true).damage());
        });
    }
}
