package cairn.query;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import cairn.posix.Programs;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.repo.TestKeys;
import cairn.store.LocalFolder;
import cairn.tree.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipWriterTest {
    @TempDir
    Path temp;

    /** With a low limit the fields for archives of more than 4 GiB are written for a small one. */
    @Test
    void largeSizesAndPlacesAreWrittenAsZip64() throws Exception {
        Path source = Files.createDirectory(temp.resolve("source"));
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        for (String name : new String[] {"a", "b", "c"}) {
            Files.write(source.resolve(name), bytes);
        }
        Files.writeString(source.resolve("d"), "small, but far from the start");
        Path archive = temp.resolve("archive.zip");
        try (Repository repository = new Repository(LocalFolder.create(temp.resolve("repo").toString()), TestKeys.full(true))) {
            Backup backup = new BackupMaker(repository, temp).save(source);
            write(repository, backup, source, archive);
        }
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            assertEquals(4, zip.size());
            assertArrayEquals(bytes, zip.getInputStream(zip.getEntry("c")).readAllBytes());
            assertEquals("small, but far from the start", new String(zip.getInputStream(zip.getEntry("d")).readAllBytes(), StandardCharsets.UTF_8));
        }
        for (String[] judge : new String[][] {{"unzip", "-tq", archive.toString()}, {"bsdtar", "-tf", archive.toString()}}) {
            Programs.require(judge[0]);
            Process process = new ProcessBuilder(judge).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), said);
        }
    }

    private static void write(Repository repository, Backup backup, Path source, Path archive) throws IOException {
        Entry.Directory folder = (Entry.Directory) TreePath.resolve(repository, backup, source.toString().getBytes(StandardCharsets.UTF_8));
        ArchiveWriter.Listener listener = new ArchiveWriter.Listener() {
            @Override
            public void cannotHold(byte[] path, String why) {
                fail(why);
            }

            @Override
            public void damaged(byte[] path, IOException why) {
                fail(why);
            }
        };
        try (OutputStream out = Files.newOutputStream(archive); ZipWriter writer = new ZipWriter(repository, out, listener, null, 200_000)) {
            TreeWalk walk = new TreeWalk(repository.trees(), folder, new byte[0], (path, why) -> fail(why));
            while (walk.next()) {
                writer.add(walk.path(), walk.entry());
            }
            writer.finish();
        }
    }
}
