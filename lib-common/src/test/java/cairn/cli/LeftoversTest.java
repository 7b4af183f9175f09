package cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
