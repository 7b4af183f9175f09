package cairn.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import cairn.tree.LinkGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkTableTest {
    @TempDir
    Path temp;

    private static LinkGroup named(byte[] path) {
        return new LinkGroup(Arrays.hashCode(path), path.length);
    }

    private static byte[] path(String path) {
        return path.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theFirstPathOfAnInodeNamesItsGroup() throws IOException {
        try (LinkTable links = new LinkTable(temp, LinkTableTest::named)) {
            LinkGroup first = links.group(1, 2, path("/a"));
            assertEquals(named(path("/a")), first);
            assertEquals(named(path("/other device")), links.group(2, 2, path("/other device")));
            assertEquals(named(path("/other inode")), links.group(1, 3, path("/other inode")));
            for (int inode = 4; inode < 10_000; inode++) {
                links.group(1, inode, path("/" + inode));
            }
            assertEquals(first, links.group(1, 2, path("/b")));
            assertEquals(named(path("/9999")), links.group(1, 9999, path("/again")));
        }
    }

    @Test
    void filesWithoutANumberAreNotOne() throws IOException {
        try (LinkTable links = new LinkTable(temp, LinkTableTest::named)) {
            assertNotEquals(links.group(1, 0, path("/a")), links.group(1, 0, path("/bc")));
        }
    }
}
