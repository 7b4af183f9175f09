package cairn.promise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import cairn.robust.Clocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of damage to every kind of file, and then every command that meets it: it says what is wrong or works, and
 * never crashes, hangs or gives wrong data. What cannot be read back, verify finds; what verify finds good can be read back.
 */
class DamageTableTest {
    enum Target {
        ACCESS_KEY, KEY_RING, KEY_LIST, DATA_PACK, TREE_PACK, INDEX, RECORD, SESSION, MARK;

        List<Path> files(Household user) throws IOException {
            return switch (this) {
                case ACCESS_KEY -> user.files("keys");
                case KEY_RING -> user.files("keyring");
                case KEY_LIST -> user.files("keylist");
                case DATA_PACK -> user.packs(1);
                case TREE_PACK -> user.packs(2);
                case INDEX -> user.files("index");
                case RECORD -> user.files("backups");
                case SESSION -> user.files("sessions");
                case MARK -> user.files("marks");
            };
        }
    }

    enum Action {
        DELETE, EMPTY, TRUNCATE, FLIP_VERSION, FLIP_HEADER, FLIP_MIDDLE, FLIP_FOOTER, SWAP, FOREIGN, STRAY;

        void on(Path file, Path other, Path elsewhere) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            switch (this) {
                case DELETE -> Files.delete(file);
                case EMPTY -> Files.write(file, new byte[0]);
                case TRUNCATE -> Files.write(file, Arrays.copyOf(bytes, bytes.length - 40));
                case FLIP_VERSION -> flip(file, bytes, 9);
                case FLIP_HEADER -> flip(file, bytes, 20);
                case FLIP_MIDDLE -> flip(file, bytes, bytes.length / 2);
                case FLIP_FOOTER -> flip(file, bytes, bytes.length - 1);
                case SWAP -> {
                    Path with = other == null ? elsewhere : other;
                    Files.write(file, Files.readAllBytes(with));
                    Files.write(with, bytes);
                }
                case FOREIGN -> Files.write(file, Household.random(bytes.length, 5));
                case STRAY -> Files.write(file.resolveSibling("notes.txt"), Household.random(100, 6));
            }
        }

        private static void flip(Path file, byte[] bytes, int at) throws IOException {
            bytes[at] ^= 0x10;
            Files.write(file, bytes);
        }
    }

    private static final Set<Target> KEYS = EnumSet.of(Target.ACCESS_KEY, Target.KEY_RING, Target.KEY_LIST);
    private static final Set<Target> CONTENT = EnumSet.of(Target.DATA_PACK, Target.TREE_PACK, Target.RECORD);

    @TempDir
    static Path folder;

    @TempDir
    Path temp;

    private static Household user;
    private static String first;
    private static String second;
    private static String forgotten;
    private static Map<String, String> firstFiles;
    private static Map<String, String> secondFiles;

    /** Two backups, a forgotten one (its mark), the sessions of three, packs and an index file of each. */
    @BeforeAll
    static void backups() throws Exception {
        user = Household.in(folder);
        user.write("a/inline", "few bytes");
        user.write("a/one", Household.random(30_000, 1));
        user.write("b/many", Household.random(700_000, 2));
        first = user.backup();
        firstFiles = user.sums();
        Clocks.pass(user.source()); // files of different backups are told apart by their times
        user.write("a/two", Household.random(40_000, 3));
        forgotten = user.backup();
        Clocks.pass(user.source());
        user.write("a/three", Household.random(50_000, 4));
        second = user.backup();
        secondFiles = user.sums();
        assertEquals(0, user.run("forget", forgotten).status());
        for (Target target : Target.values()) {
            assertTrue(!target.files(user).isEmpty(), target + " is there");
        }
    }

    static Stream<Arguments> cells() {
        return Stream.of(Target.values()).flatMap(target -> Stream.of(Action.values()).map(action -> Arguments.of(target, action)));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void cell(Target target, Action action) throws Exception {
        Household hit = user.copyTo(temp.resolve("home"));
        List<Path> files = target.files(hit);
        files.removeIf(file -> file.endsWith(forgotten));
        Path file = files.getLast(); // of the second backup, where it is of one
        Path elsewhere = (target == Target.RECORD ? Target.MARK : Target.RECORD).files(hit).getFirst();
        action.on(file, files.size() > 1 ? files.getFirst() : null, elsewhere);
        boolean harmless = action == Action.STRAY;

        CommandRun.Result list = clear(hit, "list");
        CommandRun.Result structure = clear(hit, "verify");
        CommandRun.Result verify = clear(hit, "verify", "--read-data");
        boolean firstGood = readsBack(hit, first, firstFiles);
        boolean secondGood = readsBack(hit, second, secondFiles);
        CommandRun.Result backup = clear(hit, "backup", "--json", hit.source().toString());

        if (verify.status() == 0) {
            assertTrue(firstGood && secondGood || target == Target.RECORD && action == Action.DELETE, "what verify finds good can be read back");
        }
        if (CONTENT.contains(target) && !harmless && !(target == Target.RECORD && action == Action.DELETE)) {
            assertEquals(4, verify.status(), verify.out() + verify.err());
        }
        boolean lostFromStructure = target == Target.RECORD || action == Action.DELETE || action == Action.EMPTY;
        if (CONTENT.contains(target) && lostFromStructure && !harmless && !(target == Target.RECORD && action == Action.DELETE)) {
            assertEquals(4, structure.status(), structure.out() + structure.err());
        }
        if (harmless || target == Target.INDEX || target == Target.SESSION) {
            assertEquals(List.of(0, 0, 0, 0), List.of(list.status(), structure.status(), verify.status(), backup.status()),
                    list.err() + structure.out() + structure.err() + verify.out() + verify.err() + backup.err());
            assertTrue(firstGood && secondGood);
        }
        boolean rolledBack = target == Target.RECORD && action == Action.DELETE; // the newest record is gone, and nobody deleted it
        if (CONTENT.contains(target)) {
            assertEquals(rolledBack ? 3 : 0, backup.status(), "the source is still there: " + backup.err());
        }
        if (target == Target.MARK && action != Action.SWAP) { // swapped with a record, which is lost then
            assertTrue(firstGood && secondGood, "a mark that cannot be read keeps nobody from restoring");
        }
        if (backup.status() == 0) {
            assertTrue(readsBack(hit, Household.id(backup), secondFiles), "a backup that is called good can be read back");
        }
    }

    private static CommandRun.Result clear(Household hit, String... args) {
        CommandRun.Result result = hit.run(args);
        Household.assertClear(result, String.join(" ", args));
        return result;
    }

    /** Whether all of a backup comes back, by two ways; what comes back at all is right. */
    private boolean readsBack(Household hit, String id, Map<String, String> expected) throws IOException {
        CommandRun.Result sums = clear(hit, "sums", id + ":" + hit.source());
        Household.sums(sums).forEach((name, sum) -> assertEquals(expected.get(name), sum, name));
        if (sums.status() == 0) {
            assertEquals(expected, Household.sums(sums));
        }
        Path target = Files.createTempDirectory(temp, "out");
        CommandRun.Result restore = clear(hit, "restore", id + ":" + hit.source(), "--target", target.toString());
        Map<String, String> restored = Household.filesBelow(target);
        if (restore.status() == 0) {
            assertEquals(expected, restored);
        } else {
            List<String> wrong = new ArrayList<>();
            new TreeMap<>(restored).forEach((name, sum) -> {
                if (!sum.equals(expected.get(name))) {
                    wrong.add(name);
                }
            });
            for (String name : wrong) {
                assertTrue(restore.err().contains(name), "a file that is not right is named: " + name + " in " + restore.err());
            }
        }
        assertEquals(sums.status() == 0, restore.status() == 0, sums.err() + restore.err());
        return sums.status() == 0;
    }

    /** What verify found is written again by the next backup, and prune clears the rest away. */
    @ParameterizedTest
    @org.junit.jupiter.params.provider.EnumSource(names = {"DATA_PACK", "TREE_PACK"})
    void aBackupHealsWhatTheSourceStillHas(Target target) throws Exception {
        for (Action action : List.of(Action.DELETE, Action.FLIP_MIDDLE, Action.TRUNCATE)) {
            Household hit = user.copyTo(temp.resolve("home-" + action));
            action.on(target.files(hit).getFirst(), null, null); // of the first backup; later ones share it
            assertEquals(4, clear(hit, "verify", "--read-data").status());
            String healed = Household.id(clear(hit, "backup", "--json", hit.source().toString()));
            assertTrue(readsBack(hit, healed, secondFiles), action + " healed");
            String next = Household.id(clear(hit, "backup", "--json", hit.source().toString()));
            assertTrue(readsBack(hit, next, secondFiles), action + " and the one after");
            assertEquals(0, clear(hit, "forget", first, second).status());
            CommandRun.Result prune = clear(hit, "prune", "--grace", "0", "--max-unused", "0%");
            assertEquals(0, prune.status(), prune.err());
            CommandRun.Result verify = clear(hit, "verify", "--read-data");
            assertEquals(0, verify.status(), action + ": " + verify.out());
            assertTrue(readsBack(hit, healed, secondFiles));
        }
    }

    /** All of the index gone: found again in the packs, without reading them whole. */
    @org.junit.jupiter.api.Test
    void anIndexThatIsLostCostsNoData() throws Exception {
        Household hit = user.copyTo(temp.resolve("home"));
        for (Path file : hit.files("index")) {
            Files.delete(file);
        }
        long before = hit.files("packs").size();
        assertTrue(readsBack(hit, first, firstFiles));
        CommandRun.Result backup = clear(hit, "backup", "--json", hit.source().toString());
        assertTrue(readsBack(hit, Household.id(backup), secondFiles));
        assertTrue(hit.files("packs").size() <= before + 1, "what is in the packs is not written again");
        CommandRun.Result verify = clear(hit, "verify", "--read-data");
        assertEquals(0, verify.status(), verify.out());
    }

    @org.junit.jupiter.api.Test
    void theRemedyForADamagedMarkWorks() throws Exception {
        Household hit = user.copyTo(temp.resolve("home"));
        Path mark = Target.MARK.files(hit).getFirst();
        Action.FLIP_MIDDLE.on(mark, null, null);
        CommandRun.Result refused = clear(hit, "backup", hit.source().toString());
        assertNotEquals(0, refused.status());
        assertTrue(refused.err().contains("index/"), refused.err());
        Files.move(mark, temp.resolve("mark"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(hit.repository().resolve("index"), temp.resolve("index"));
        assertTrue(readsBack(hit, hit.backup(), secondFiles));
        assertEquals(0, clear(hit, "prune", "--grace", "0").status());
        assertEquals(0, clear(hit, "verify", "--read-data").status());
    }
}
