package cairn.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import cairn.posix.PrivateMounts;
import cairn.posix.Programs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Restores onto real file systems, each made for the test and mounted where only this test sees it. */
class RealFileSystemsTest {
    @TempDir
    Path temp;

    private interface On {
        void run(Path folder) throws Exception;
    }

    private void onFileSystem(String type, On test) throws Exception {
        Assumptions.assumeTrue(PrivateMounts.available(), "mounting needs root");
        Programs.require("mkfs." + type, "mount", "filefrag", "cp");
        Path at = Files.createDirectory(temp.resolve("mount"));
        Path image = temp.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(320L << 20);
        }
        run("mkfs." + type, "-q", image.toString());
        PrivateMounts.run(() -> {
            Assumptions.assumeTrue(status("mount", "-o", "loop", image.toString(), at.toString()) == 0, "no " + type + " or no loop devices here");
            try {
                test.run(at);
            } finally {
                run("umount", at.toString());
            }
        });
    }

    private int status(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(temp.resolve("log").toFile()).start().waitFor();
    }

    /** @return what it printed */
    private String run(String... command) throws IOException, InterruptedException {
        assertEquals(0, status(command), () -> String.join(" ", command));
        return Files.readString(temp.resolve("log"), StandardCharsets.ISO_8859_1);
    }

    private static void change(Path file, long at) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(at);
            out.write(new byte[100]);
        }
    }

    /** Where the file system can clone, what is right of a file is shared with the old one and not written again. */
    @ParameterizedTest
    @CsvSource({"ext4,false", "xfs,true", "btrfs,true"})
    void aFileThatDiffersIsClonedAndPatchedWhereThatIsPossible(String type, boolean clones) throws Exception {
        onFileSystem(type, mount -> {
            Household user = Household.in(temp);
            user.write("large", Household.random(8 << 20, 1));
            user.write("linked", Household.random(3 << 20, 2));
            Files.createLink(user.source().resolve("also-linked"), user.source().resolve("linked"));
            user.backup();
            String target = mount.resolve("out").toString();
            String[] restore = {"restore", "latest:" + user.source(), "--target", target, "--json"};
            assertEquals(0, user.run(restore).status());
            Path large = mount.resolve("out/large");
            Path linked = mount.resolve("out/linked");
            // a copy keeps the old extents in use, so that those of the new file that are shared with them show it
            run("cp", clones ? "--reflink=always" : "--reflink=never", large.toString(), mount.resolve("old").toString());
            run("sync");
            Object inode = Files.getAttribute(linked, "unix:ino");
            change(large, 4_000_000);
            change(linked, 1_000_000);

            CommandRun.Result again = user.run(restore);
            assertEquals(0, again.status(), again.err());
            run("sync");
            assertEquals(user.sums(), Household.filesBelow(mount.resolve("out")));
            assertEquals(clones, run("filefrag", "-v", large.toString()).contains("shared"), type);
            assertEquals(inode, Files.getAttribute(linked, "unix:ino"), "patched in place, so that it keeps its other name");
            assertEquals(inode, Files.getAttribute(mount.resolve("out/also-linked"), "unix:ino"));
            try (var names = Files.list(mount.resolve("out"))) {
                assertEquals(3, names.count(), "nothing is left behind");
            }
        });
    }

    /** XFS holds links of up to 1024 bytes. */
    @Test
    void aLinkThatIsTooLongForXfsIsNamedAndAllElseComesBack() throws Exception {
        onFileSystem("xfs", mount -> {
            Household user = Household.in(temp);
            user.write("before", "1");
            user.write("x/after", "2");
            Files.createSymbolicLink(user.source().resolve("long"), Path.of("a/".repeat(1000) + "b"));
            Files.createSymbolicLink(user.source().resolve("short"), Path.of("before"));
            user.backup();
            CommandRun.Result restored = user.run("restore", "latest:" + user.source(), "--target", mount.resolve("out").toString());
            assertEquals(3, restored.status(), restored.err());
            assertTrue(restored.err().contains("/out/long"), restored.err());
            assertEquals(1, restored.err().lines().count(), restored.err());
            assertEquals(user.sums(), Household.filesBelow(mount.resolve("out")));
            assertEquals(Path.of("before"), Files.readSymbolicLink(mount.resolve("out/short")));
            assertFalse(Files.isSymbolicLink(mount.resolve("out/long")));
        });
    }
}
