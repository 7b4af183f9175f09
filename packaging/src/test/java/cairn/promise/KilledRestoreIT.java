package cairn.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of a restore while it patches files in place: those too large to be copied, and those with other names.
 * A moment is when the note about such a file is there; a kill that comes when it is gone again is tried once more.
 */
class KilledRestoreIT {
    private static final int KILLS = Integer.getInteger("cairn.kills", 10) / 5;
    private static final int TRIES = 100;
    private static final int LARGE = 66 << 20;
    private static final int LINKED = 20 << 20;
    private static final String SMALL = "small";

    @TempDir
    Path temp;

    private Household user;
    private Path target;
    private Map<String, String> right;

    @Test
    void eachFileIsOldNewOrNotedAndTheNextRunFinishesIt() throws Exception {
        Random random = new Random(Long.getLong("cairn.seed", 1));
        user = Household.in(temp);
        user.write("large", Household.random(LARGE, 1));
        user.write("linked", Household.random(LINKED, 2));
        user.write(SMALL, Household.random(200_000, 3));
        Files.createLink(user.source().resolve("also-linked"), user.source().resolve("linked"));
        String id = user.backup();
        right = user.sums();
        target = temp.resolve("target");
        String[] restore = {"restore", id + ":" + user.source(), "--target", target.toString()};
        assertEquals(0, user.run(restore).status());
        assertEquals(right, sums());
        boolean clones = clones();
        Object large = inode("large");
        Object linked = inode("linked");

        int hits = 0;
        for (int i = 0; hits < 2 * KILLS; i++) {
            assertTrue(i < TRIES, () -> "no kill of " + TRIES + " came while a file was being patched");
            String name = hits % 2 == 0 && !clones ? "large" : "linked";
            spoil("large", random);
            spoil("linked", random);
            spoil(SMALL, random);
            String old = sums().get(SMALL);
            if (!killedWhilePatching(name, random.nextInt(20_000_000), restore)) {
                continue;
            }
            hits++;
            String small = sums().get(SMALL);
            assertTrue(small.equals(old) || small.equals(right.get(SMALL)), "what is not noted is old or new");
            CommandRun.Result next = user.run(restore);
            assertEquals(0, next.status(), next.err());
            assertEquals(right, sums(), "after kill " + i + ": " + next.out() + next.err());
            assertEquals(linked, inode("linked"), "its other name is still one");
            assertEquals(linked, inode("also-linked"));
            assertEquals(List.of(), notes(), "left behind");
        }
        assertTrue(clones || large.equals(inode("large")), "too large to be written anew");
    }

    /** @return whether the note about the file was left behind, so that its file was being patched */
    private boolean killedWhilePatching(String name, long nanos, String... restore) throws Exception {
        Process process = Program.of(user, restore).redirectErrorStream(true).redirectOutput(temp.resolve("log").toFile()).start();
        while (process.isAlive() && !noted(name)) {
            Thread.onSpinWait();
        }
        LockSupport.parkNanos(nanos);
        process.destroyForcibly().waitFor();
        return noted(name);
    }

    private boolean noted(String name) {
        return notes().stream().anyMatch(name::equals) || name.equals("linked") && notes().contains("also-linked");
    }

    /** Where the file system can clone, a large file is cloned, patched beside and renamed: there is no note. */
    private boolean clones() throws IOException, InterruptedException {
        return new ProcessBuilder("cp", "--reflink=always", target.resolve("large").toString(), temp.resolve("clone").toString())
                .redirectErrorStream(true).redirectOutput(temp.resolve("log").toFile()).start().waitFor() == 0;
    }

    /** What the notes beside the files are about; "" of other temporary files. */
    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(target, ".cairn-restore-*")) {
            for (Path file : files) {
                String text = file.getFileName().toString().endsWith("note~") ? Files.readString(file, StandardCharsets.UTF_8) : "";
                notes.add(text.substring(text.lastIndexOf(' ') + 1));
            }
            return notes;
        } catch (NoSuchFileException gone) {
            return notes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Object inode(String name) throws IOException {
        return Files.getAttribute(target.resolve(name), "unix:ino");
    }

    private Map<String, String> sums() throws IOException {
        Map<String, String> sums = Household.filesBelow(target);
        sums.keySet().removeIf(name -> name.startsWith("."));
        return sums;
    }

    /** Other bytes in each of its pieces. */
    private void spoil(String name, Random random) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(target.resolve(name).toFile(), "rw")) {
            byte[] bytes = new byte[16];
            for (long at = 0; at < file.length(); at += 32 << 10) {
                random.nextBytes(bytes);
                file.seek(at);
                file.write(bytes);
            }
        }
    }
}
