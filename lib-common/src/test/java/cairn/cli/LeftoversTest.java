package cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.spool.HeldFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
    @TempDir
    private Path folder;

    @Test
    void whatKilledRunsLeftGoesAfterADayAndNothingElse() throws IOException {
        Instant now = Instant.parse("2026-11-21T12:00:00Z");
        String id = "0123456789abcdef".repeat(2);
        for (String name : List.of("ids123.tmp", "blobs9.tmp", id + "77.new", id + "-index-checked", "notes.tmp", "running-1")) {
            Files.setLastModifiedTime(Files.createFile(folder.resolve(name)), FileTime.from(now.minus(Duration.ofHours(25))));
        }
        Files.setLastModifiedTime(Files.createFile(folder.resolve("links5.tmp")), FileTime.from(now.minus(Duration.ofHours(23))));
        Leftovers.remove(folder, now);
        Leftovers.remove(folder.resolve("not-there"), now);
        try (var left = Files.list(folder)) {
            assertEquals(Set.of(id + "-index-checked", "notes.tmp", "running-1", "links5.tmp"),
                    left.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
        }
    }

    @Test
    void aFolderGoesWhenNobodyHoldsItAnyMore() throws IOException {
        Path abandoned = Files.createDirectory(folder.resolve("send17"));
        Files.createDirectory(abandoned.resolve("index"));
        Files.writeString(abandoned.resolve("index/0123"), "of the base");
        try (HeldFolder held = HeldFolder.make(folder, "send")) {
            Files.writeString(held.path().resolve("cairn.toml"), "of a run that has lasted for days");
            // the folder is looked at as it will be in some days, when nothing has been made in it since
            Leftovers.remove(folder, Instant.now().plus(Duration.ofDays(3)));
            assertFalse(Files.exists(abandoned));
            assertTrue(Files.exists(held.path().resolve("cairn.toml")));
        }
        try (var left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aFolderThatWasJustMadeAndNotYetLockedIsLeftAlone() throws IOException {
        Path fresh = Files.createDirectory(folder.resolve("send18"));
        Leftovers.remove(folder, Instant.now());
        assertTrue(Files.exists(fresh));
    }
}
