package cairn.cli;

import cairn.spool.HeldFolder;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Temporary files that killed runs left in the cache folder. A run gives its own a name for a moment only, so whatever has
 * kept such a name for a day is nobody's. Folders it may need for longer, so it holds a lock on them ({@link HeldFolder}).
 */
final class Leftovers {
    private static final Duration AGE = Duration.ofDays(1);
    private static final Pattern FORM = Pattern.compile("(ids|blobs|links|zip)[0-9]+\\.tmp|[0-9a-f]{32}[0-9]+\\.new|send[0-9]+");

    private Leftovers() {}

    static void remove(Path folder, Instant now) {
        FileTime old = FileTime.from(now.minus(AGE));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, file -> FORM.matcher(file.getFileName().toString()).matches())) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).compareTo(old) < 0) remove(file);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // what cannot be removed now costs a little space until it can
        }
    }

    private static void remove(Path file) throws IOException {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            HeldFolder.removeAbandoned(file);
        } else {
            Files.deleteIfExists(file);
        }
    }
}
