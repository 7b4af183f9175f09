package cairn.query;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.Hash;
import cairn.posix.RawString;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.repo.TestKeys;
import cairn.store.LocalFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupRefTest {
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    @TempDir
    Path temp;

    private Path source;
    private Repository repository;

    @BeforeEach
    void open() throws IOException {
        source = Files.createDirectory(temp.resolve("source"));
        Files.writeString(source.resolve("file"), "content");
        repository = new Repository(LocalFolder.create(temp.resolve("repo").toString()), TestKeys.full(true));
    }

    @AfterEach
    void close() throws IOException {
        repository.close();
    }

    private BackupMaker maker() {
        return new BackupMaker(repository, temp);
    }

    private Hash resolve(String text) throws IOException {
        return BackupRef.parse(text).resolve(repository, ZONE, "host").id();
    }

    private static String path(String text) throws IOException {
        byte[] path = BackupRef.parse(text).path();
        return path == null ? null : new String(path, StandardCharsets.UTF_8);
    }

    @Test
    void thePathFollowsTheFirstColonAfterTheBackup() throws IOException {
        assertNull(path("latest"));
        assertEquals("", path("latest:"));
        assertEquals("/home/me", path("latest:/home/me"));
        assertEquals("a:b@latest", path("0a1f:a:b@latest"));
        assertEquals("/x", path("etc@latest:/x"));
        assertEquals("/x:y", path("a:b@2026-11-20T17:30:/x:y"));
        assertEquals("/x", path("etc@2026-11-20T17:30:15+01:00:/x"));
        assertEquals("x", path("me@there@2026-11-20 17:30:x"));
        assertArrayEquals(new byte[] {'/', (byte) 0xFF}, BackupRef.parse("latest:/" + RawString.decode(new byte[] {(byte) 0xFF})).path());
    }

    @Test
    void whatNamesNoBackupIsWrongUsageThatSaysWhatToDo() {
        for (String text : List.of("", "abc", "xyz", "latestx", "etc@", "@latest", "etc@yesterday", "/home/me", "etc:latest")) {
            CairnException e = assertThrows(CairnException.class, () -> BackupRef.parse(text), text);
            assertEquals(ExitCode.USAGE, e.exitCode(), text);
            assertTrue(e.remedy() != null, text);
        }
        assertThrows(CairnException.class, () -> resolve("etc@2026-02-30"));
    }

    @Test
    void anIdMayBeShortened() throws IOException {
        Backup first = maker().save(source);
        Backup second = maker().time("2026-11-21T00:00:00Z").save(source);
        assertEquals(first.id(), resolve(first.id().hex()));
        assertEquals(first.id(), resolve(first.shortId() + ":/x"));
        assertEquals(second.id(), resolve(second.id().hex().substring(0, 12).toUpperCase(Locale.ROOT)));
        String other = first.id().hex().startsWith("0000") ? "1111" : "0000";
        String absent = second.id().hex().startsWith(other) ? "2222" : other;
        assertThrows(CairnException.class, () -> resolve(absent));
    }

    @Test
    void anIdThatFitsSeveralIsRefusedWithAListOfThem() throws IOException {
        maker().save(source);
        Path folder = temp.resolve("repo/backups");
        Path twin = folder.resolve("abcd" + "1".repeat(60));
        Files.writeString(twin, "");
        Files.writeString(folder.resolve("abcd" + "2".repeat(60)), "");
        CairnException e = assertThrows(CairnException.class, () -> resolve("abcd"));
        assertTrue(e.getMessage().contains("abcd11111111") && e.getMessage().contains("abcd22222222"), e.getMessage());
    }

    @Test
    void latestIsTheNewestCompleteOneOfThisHost() throws IOException {
        CairnException none = assertThrows(CairnException.class, () -> resolve("latest"));
        assertTrue(none.getMessage().contains("'host'"), none.getMessage());
        Backup mine = maker().save(source);
        maker().time("2026-11-21T00:00:00Z").interrupted().save(source);
        Backup other = maker().host("other").time("2026-11-22T00:00:00Z").save(source);
        assertEquals(mine.id(), resolve("latest"));
        assertEquals(other.id(), resolve("other@latest"));
    }

    @Test
    void latestOfAPathIsTheNewestThatSavedIt() throws IOException {
        Path twin = Files.createDirectory(temp.resolve("source2"));
        Backup first = maker().save(source);
        Backup second = maker().time("2026-11-21T00:00:00Z").save(twin);
        assertEquals(second.id(), resolve("latest"));
        assertEquals(first.id(), resolve("latest:" + source + "/file"));
        assertEquals(first.id(), resolve("latest:" + source + "/gone"), "what was deleted is not looked for in older ones");
        assertEquals(first.id(), resolve("latest:" + source.toString().substring(1)), "relative to the root");
        assertEquals(second.id(), resolve("latest:" + twin + "/x/../y"));
        assertEquals(second.id(), resolve("latest:" + temp), "a folder above both");
        assertEquals(second.id(), resolve("latest:/nowhere"), "saved by none: the newest says so");
    }

    @Test
    void latestIsNoStreamWhereThereAreFiles() throws IOException {
        Backup stream = maker().name("dump").time("2026-11-22T00:00:00Z").saveStream("text");
        assertEquals(stream.id(), resolve("latest"));
        Backup files = maker().save(source);
        assertEquals(files.id(), resolve("latest"));
        assertEquals(files.id(), resolve("latest:/"));
        assertEquals(stream.id(), resolve("latest:dump"));
        assertEquals(stream.id(), resolve("dump@latest"));
    }

    @Test
    void aNameMeansThisHostFirst() throws IOException {
        Backup mine = maker().name("etc").save(source);
        Backup theirs = maker().host("b").name("etc").time("2026-11-25T00:00:00Z").save(source);
        assertEquals(mine.id(), resolve("etc@latest"));
        assertEquals(theirs.id(), BackupRef.parse("etc@latest").resolve(repository, ZONE, "b").id());
        CairnException e = assertThrows(CairnException.class, () -> BackupRef.parse("etc@latest").resolve(repository, ZONE, "c"));
        assertTrue(e.getMessage().contains("b, host"), e.getMessage());
        assertThrows(CairnException.class, () -> resolve("none@latest"));
    }

    @Test
    void aTimeMeansTheLastOneByItsEnd() throws IOException {
        Backup early = maker().name("etc").time("2026-11-19T22:59:59.5Z").save(source); // 23:59:59.5 in the zone
        Backup late = maker().name("etc").time("2026-11-20T22:30:00Z").save(source);
        assertEquals(early.id(), resolve("etc@2026-11-19"));
        assertEquals(late.id(), resolve("etc@2026-11-20"));
        assertEquals(late.id(), resolve("etc@2026-11-20T23:30"));
        assertEquals(early.id(), resolve("etc@2026-11-20T23:29"));
        assertEquals(late.id(), resolve("etc@2026-11-20T22:30:00Z"));
        assertEquals(early.id(), resolve("etc@2026-11-20T22:29:59Z"));
        assertThrows(CairnException.class, () -> resolve("etc@2026-11-18"));
    }

    @Test
    void aDamagedRecordIsNotPassedOverInSilence() throws IOException {
        Backup good = maker().save(source);
        Files.writeString(temp.resolve("repo/backups").resolve("ab".repeat(32)), "no record");
        CairnException e = assertThrows(CairnException.class, () -> resolve("latest"));
        assertEquals(ExitCode.DAMAGED, e.exitCode());
        assertEquals(good.id(), resolve(good.shortId()));
    }

    @Test
    void aSelectionAsksForAllKindsOfConditionAndAnyOfEach() throws IOException {
        Backup a = maker().host("a").name("one").tags("x").save(source);
        Backup b = maker().host("b").name("one").tags("x", "y").time("2026-11-21T00:00:00Z").save(source);
        Backup c = maker().host("a").name("two").time("2026-11-22T00:00:00Z").interrupted().save(source);
        List<String> no = List.of();
        assertChosen(List.of(a, b, c), select(Selection.ALL));
        assertChosen(List.of(a, c), select(new Selection(List.of("a"), no, no, no, List.of(), null)));
        assertChosen(List.of(b), select(new Selection(List.of("b", "z"), List.of("one"), no, List.of("y", "q"), List.of(), null)));
        assertChosen(List.of(a), select(new Selection(no, no, List.of("files"), no, List.of(), Instant.parse("2026-11-21T00:00:00Z"))));
        assertChosen(List.of(), select(new Selection(no, no, List.of("image"), no, List.of(), null)));
        byte[] held = source.resolve("file").toString().getBytes(StandardCharsets.UTF_8);
        byte[] notHeld = source.resolve("none").toString().getBytes(StandardCharsets.UTF_8);
        assertChosen(List.of(a, b), select(new Selection(no, List.of("one"), no, no, List.of(notHeld, held), null)));
        assertChosen(List.of(), select(new Selection(no, no, no, no, List.of(notHeld), null)));
    }

    private List<Hash> ids(List<Backup> backups) {
        return backups.stream().map(Backup::id).toList();
    }

    private void assertChosen(List<Backup> expected, List<Backup> found) {
        assertEquals(ids(expected), ids(found));
    }

    private List<Backup> select(Selection selection) throws IOException {
        return selection.select(repository);
    }
}
