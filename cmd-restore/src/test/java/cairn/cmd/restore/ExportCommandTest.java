package cairn.cmd.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import cairn.cli.Terminal;
import cairn.posix.Attrs;
import cairn.posix.Dirs;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import cairn.posix.Xattrs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The command export; the programs that unpack are the judges. */
class ExportCommandTest extends RepositoryFixture {
    private static final byte[] ACL = {2, 0, 0, 0, 1, 0, 6, 0, -1, -1, -1, -1, 2, 0, 4, 0, (byte) 0xE8, 3, 0, 0, 4, 0, 4, 0, -1, -1, -1, -1,
        0x10, 0, 4, 0, -1, -1, -1, -1, 0x20, 0, 0, 0, -1, -1, -1, -1};

    private void sparse(String name, long dataAt, long size) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(source.resolve(name).toFile(), "rw")) {
            file.seek(dataAt);
            file.write(raw("data in the middle"));
            file.setLength(size);
        }
    }

    private void xattr(String name, String attribute, byte[] value) throws PosixException {
        int fd = Open.openat(Open.AT_FDCWD, raw(source + "/" + name), Open.O_RDONLY, 0);
        Xattrs.set(fd, raw(attribute), value, 0);
        Open.close(fd);
    }

    private void fill() throws IOException {
        write("small", 100);
        write("big", 3_000_000);
        write("empty", 0);
        write("dir/" + "long".repeat(50) + "/" + "name".repeat(40), 10);
        write("dir/\u00fcmlaut \\ and \n newline", 10);
        sparse("sparse", 5 << 20, 20L << 20);
        sparse("ends-in-data", 1 << 20, (1 << 20) + 18);
        try (RandomAccessFile file = new RandomAccessFile(source.resolve("hole").toFile(), "rw")) {
            file.setLength(1 << 20);
        }
        Files.createLink(source.resolve("zz-other-name"), source.resolve("small"));
        Files.createSymbolicLink(source.resolve("link"), Path.of("dir/" + "far".repeat(60)));
        Attrs.chmodat(Open.AT_FDCWD, raw(source + "/big"), 04751);
        Attrs.mtimeat(Open.AT_FDCWD, raw(source + "/big"), 1_000_000_000L, 123456789);
        Attrs.mtimeat(Open.AT_FDCWD, raw(source + "/empty"), -2, 0);
        Attrs.mtimeat(Open.AT_FDCWD, raw(source + "/link"), 1_234_567_890L, 5);
        Attrs.mtimeat(Open.AT_FDCWD, raw(source + "/dir"), 1_111_111_111L, 1);
    }

    private void fillForTar() throws IOException {
        fill();
        Dirs.mknod(Open.AT_FDCWD, raw(source + "/pipe"), 0x1000 | 0640, 0, 0);
        Files.write(Files.createDirectories(source.resolve("dir")).resolve("raw"), raw("x"));
        Dirs.rename(Open.AT_FDCWD, raw(source + "/dir/raw"), Open.AT_FDCWD, bytes(source + "/dir/", 0xFF, 0xFE), 0);
        for (String name : List.of("caf\u00e9", "cafe\u0301", "caf\u00e9" + "x".repeat(120), "cafe\u0301" + "x".repeat(120))) {
            write("two-forms/" + name, 10);
        }
        xattr("big", "user.binary", new byte[] {0, 1, '\n', '=', (byte) 0xFF});
        xattr("dir", "user.on=folder", raw("value"));
        xattr("big", "system.posix_acl_access", ACL);
    }

    private static byte[] bytes(String text, int... more) {
        byte[] all = Arrays.copyOf(raw(text), raw(text).length + more.length);
        for (int i = 0; i < more.length; i++) {
            all[all.length - more.length + i] = (byte) more[i];
        }
        return all;
    }

    /** All that matters of a tree, by relative path. */
    private static TreeMap<String, String> describe(Path top, boolean nanos) throws IOException {
        String find = "find . -printf '%P\\0%y %m %U:%G %T@ %s %l\\0'";
        String[] parts = TestRepository.tool(top, new byte[0], "sh", "-c", find).split("\0", -1);
        TreeMap<String, String> found = new TreeMap<>();
        for (int i = 0; i + 1 < parts.length; i += 2) {
            String[] fields = parts[i + 1].split(" ");
            String time = nanos ? fields[3] : fields[3].replaceAll("\\..*", "");
            found.put(parts[i], fields[0].equals("d") ? String.join(" ", fields[0], fields[1], fields[2], time)
                    : String.join(" ", fields[0], fields[1], fields[2], time, fields[4], fields.length > 5 ? fields[5] : ""));
        }
        return found;
    }

    private void assertSameTree(Path unpacked) throws IOException {
        TreeMap<String, String> expected = describe(source, true);
        TreeMap<String, String> found = describe(unpacked, true);
        expected.remove(""); // bsdtar sets no time of ".", also from its own archives
        found.remove("");
        assertEquals(expected, found);
        TestRepository.tool(temp, new byte[0], "diff", "-r", "--no-dereference", "--exclude=pipe", source.toString(), unpacked.toString());
        Stat one = new Stat().at(Open.AT_FDCWD, raw(unpacked + "/small"), 0).copy();
        Stat two = new Stat().at(Open.AT_FDCWD, raw(unpacked + "/zz-other-name"), 0);
        assertTrue(one.sameFile(two), "a hard link");
        int fd = Open.openat(Open.AT_FDCWD, raw(unpacked + "/big"), Open.O_RDONLY, 0);
        assertArrayEquals(new byte[] {0, 1, '\n', '=', (byte) 0xFF}, Xattrs.get(fd, raw("user.binary")));
        assertArrayEquals(ACL, Xattrs.get(fd, raw("system.posix_acl_access")));
        Open.close(fd);
        for (String name : List.of("sparse", "hole")) {
            assertTrue(new Stat().at(Open.AT_FDCWD, raw(unpacked + "/" + name), 0).blocks() * 512 < 1 << 19, name + " is sparse");
        }
    }

    @Test
    void gnuTarUnpacksEverything() throws IOException {
        Assumptions.assumeTrue(new Stat().at(Open.AT_FDCWD, raw("/proc/self"), 0).uid() == 0, "owners need root");
        fillForTar();
        Attrs.mtimeat(Open.AT_FDCWD, raw(source + "/empty"), -2, 250_000_000);
        repository.save();
        byte[] archive = repository.good("export", repository.in("latest", "")).outBytes();
        assertEquals(0, archive.length % 10240);
        Path unpacked = Files.createDirectory(temp.resolve("unpacked"));
        String said = TestRepository.tool(unpacked, archive, "tar", "-x", "-p", "--acls", "--xattrs", "--xattrs-include=*", "--warning=no-timestamp");
        assertEquals("tar: Ignoring unknown extended header keyword 'hdrcharset'\n", said, "it takes names as bytes anyway");
        assertSameTree(unpacked);
        int fd = Open.openat(Open.AT_FDCWD, raw(unpacked + "/dir"), Open.O_RDONLY, 0);
        assertEquals("value", new String(Xattrs.get(fd, raw("user.on=folder")), StandardCharsets.UTF_8));
        Open.close(fd);
    }

    @Test
    void bsdtarUnpacksEverything() throws IOException {
        Assumptions.assumeTrue(new Stat().at(Open.AT_FDCWD, raw("/proc/self"), 0).uid() == 0, "owners need root");
        fillForTar();
        repository.save();
        Path file = temp.resolve("archive.tar");
        repository.good("export", "-o", file.toString(), repository.in("latest", ""));
        Path unpacked = Files.createDirectory(temp.resolve("unpacked"));
        assertEquals("", TestRepository.tool(unpacked, new byte[0], "bsdtar", "-x", "-p", "-f", file.toString()));
        assertSameTree(unpacked);
    }

    @Test
    void unzipUnpacksFilesFoldersAndLinks() throws IOException {
        fill();
        Files.delete(source.resolve("dir/\u00fcmlaut \\ and \n newline")); // unzip leaves the newline out, bsdtar takes the backslash for a slash
        write("dir/\u00fcmlaut", 10);
        repository.save();
        Path file = temp.resolve("archive.zip");
        repository.good("export", "-o", file.toString(), repository.in("latest", ""));
        Path unpacked = Files.createDirectory(temp.resolve("unpacked"));
        TestRepository.tool(unpacked, new byte[0], "unzip", "-tq", file.toString());
        TestRepository.tool(unpacked, new byte[0], "unzip", "-q", "-X", "-K", file.toString());
        TestRepository.tool(temp, new byte[0], "diff", "-r", "--no-dereference", source.toString(), unpacked.toString());
        TreeMap<String, String> expected = describe(source, false);
        TreeMap<String, String> found = describe(unpacked, false);
        for (String name : List.of("big", "small", "dir", "sparse")) {
            assertEquals(expected.get(name), found.get(name), name);
        }
        assertEquals(expected.keySet(), found.keySet());
        Path streamed = Files.createDirectory(temp.resolve("streamed"));
        byte[] archive = repository.good("export", "--format", "zip", repository.in("latest", "dir")).outBytes();
        TestRepository.tool(streamed, archive, "bsdtar", "-x", "-f", "-");
        TestRepository.tool(temp, new byte[0], "diff", "-r", source.resolve("dir").toString(), streamed.toString());
    }

    @Test
    void holesTakeNoRoomInATarArchive() throws IOException {
        sparse("huge", 4L << 30, (4L << 30) + (1 << 20));
        repository.save();
        byte[] tar = repository.good("export", repository.in("latest", "huge")).outBytes();
        assertTrue(tar.length < 1 << 20, "the holes are left out");
        Path unpacked = Files.createDirectory(temp.resolve("unpacked"));
        TestRepository.tool(unpacked, tar, "tar", "-x");
        assertEquals((4L << 30) + (1 << 20), Files.size(unpacked.resolve("huge")));
    }

    @Test
    void aWholeBackupHasThePathsOfARestore() throws IOException {
        write("small", 100);
        repository.save();
        byte[] archive = repository.good("export", "latest").outBytes();
        List<String> listed = new ArrayList<>(TestRepository.tool(temp, archive, "tar", "-t").lines().toList());
        assertEquals(source.toString().substring(1) + "/small", listed.getLast());
        byte[] one = repository.good("export", repository.in("latest", "small")).outBytes();
        assertEquals("small\n", TestRepository.tool(temp, one, "tar", "-t"));
    }

    @Test
    void whatAFormatCannotHoldIsNamed() throws IOException {
        write("small", 100);
        Dirs.mknod(Open.AT_FDCWD, raw(source + "/socket"), 0xC000 | 0640, 0, 0);
        Dirs.mknod(Open.AT_FDCWD, raw(source + "/pipe"), 0x1000 | 0640, 0, 0);
        repository.save();
        CommandRun.Result tar = repository.run("export", repository.in("latest", ""));
        assertEquals(3, tar.status());
        assertEquals("cairn: warning: 'socket' is a socket, which a tar archive cannot hold\n", tar.err());
        CommandRun.Result zip = repository.run("export", "--format", "zip", repository.in("latest", ""));
        assertEquals(3, zip.status());
        assertEquals(2, zip.err().lines().count(), zip.err());
    }

    @Test
    void aDamagedFileIsNamedAndTheOthersAreWhole() throws IOException {
        write("a", 2_000_000);
        repository.save();
        write("b", 1000);
        repository.save();
        TestRepository.damageLargestPack(repository.folder);
        for (String format : List.of("tar", "zip")) {
            CommandRun.Result result = repository.run("export", "--format", format, repository.in("latest", ""));
            assertEquals(4, result.status());
            assertTrue(result.err().contains("'a' has zeros where it is damaged"), result.err());
            Path unpacked = Files.createDirectory(temp.resolve("unpacked-" + format));
            TestRepository.tool(unpacked, result.outBytes(), "bsdtar", "-x", "-f", "-");
            assertEquals(2_000_000, Files.size(unpacked.resolve("a")));
            assertArrayEquals(Files.readAllBytes(source.resolve("b")), Files.readAllBytes(unpacked.resolve("b")));
        }
    }

    @Test
    void aTerminalGetsNoArchive() throws IOException {
        CommandRun.Result result = repository.command("export", "latest").terminal(new Screen()).run();
        assertEquals(2, result.status());
        assertTrue(result.err().contains("-o"), result.err());
        assertEquals(2, repository.run("export", "--format", "rar", "latest").status());
    }

    private static final class Screen implements Terminal {
        @Override
        public boolean stdin() {
            return true;
        }

        @Override
        public boolean stdout() {
            return true;
        }

        @Override
        public boolean stderr() {
            return false;
        }

        @Override
        public int columns() {
            return 80;
        }

        @Override
        public byte[] askSecret(String prompt) {
            return null;
        }
    }
}
