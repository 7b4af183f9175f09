package cairn.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {
    @TempDir
    Path temp;

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void whatIsMadeIsForItsOwnerOnly() throws IOException {
        Path made = PrivateFolder.make(temp.resolve("a/b"));
        assertEquals(temp.resolve("a/b"), made);
        assertEquals("rwx------", mode(made));
        assertEquals("rwx------", mode(temp.resolve("a")));
    }

    @Test
    void whatIsThereStaysAsItIs() throws IOException {
        Path open = Files.createDirectory(temp.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), open);
        PrivateFolder.make(open);
        PrivateFolder.make(link);
        assertEquals("rwxr-xr-x", mode(open));
        PrivateFolder.make(link.resolve("below"));
        assertEquals("rwx------", mode(open.resolve("below")));
    }

    @Test
    void aFileInItsPlaceIsAnError() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        assertThrows(IOException.class, () -> PrivateFolder.make(file));
        assertThrows(IOException.class, () -> PrivateFolder.make(file.resolve("below")));
    }
}
