package cairn.restore;

import static cairn.posix.TempTree.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Attrs;
import cairn.posix.Dirs;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Stat;
import cairn.posix.Sys;
import cairn.repo.Backup;
import cairn.restore.RestoreParts.Mapping;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lands where, whose it is, and which attributes existing folders take. */
class WhereItGoesTest {
    @TempDir
    Path temp;

    private RestoreFixture at;
    private Backup backup;

    @BeforeEach
    void open() throws IOException {
        at = new RestoreFixture(temp, new MemoryStorage());
        at.tree.dir("source/d/e").file("source/d/e/f", "f").file("source/g", "g");
        Attrs.chmodat(at.tree.fd, bytes("source"), 0751);
        backup = at.backup();
    }

    @AfterEach
    void close() throws IOException {
        at.close();
    }

    private boolean exists(String name) throws IOException {
        return new Stat().exists(at.tree.fd, bytes(name));
    }

    private Map<String, String> state(String name) throws IOException {
        return TreeState.of(at.tree.path(name));
    }

    @Test
    void aWholeBackupGoesBelowTheTargetWithItsPaths() throws Exception {
        at.restore(backup, null, at.tree.path("out"));
        byte[] below = RawPath.join(at.tree.path("out"), RawPath.build(false, RawPath.split(at.source())));
        assertEquals(state("source"), TreeState.of(below));
    }

    @Test
    void theContentsOfAFolderGoIntoTheTarget() throws Exception {
        at.restore(backup, at.tree.path("source/d"), at.tree.path("new/out"));
        assertEquals(state("source/d"), state("new/out"));
    }

    @Test
    void aTargetThatIsAFileIsRefusedWithAWordOnWhatATargetIs() throws Exception {
        at.tree.dir("out").file("out/mine", "m");
        for (String target : List.of("out/mine", "out/mine/below")) {
            CairnException e = assertThrows(CairnException.class, () -> at.restore(backup, at.tree.path("source/d/e/f"), at.tree.path(target)));
            assertTrue(e.getMessage().contains("it is not a folder") && e.remedy().contains("under its own name"), e.getMessage());
        }
        assertTrue(exists("out/mine"));
    }

    @Test
    void aSingleFileGoesThereUnderItsName() throws Exception {
        at.tree.dir("out").file("out/mine", "m");
        at.options = at.options.withDelete(true);
        RestoreSummary summary = at.restore(backup, at.tree.path("source/d/e/f"), at.tree.path("out"));
        assertEquals(1, summary.created());
        assertEquals(state("source/d/e").get("f"), state("out").get("f"));
        assertTrue(exists("out/mine"));
    }

    @Test
    void whatIsMappedGoesElsewhereAndWithoutATargetNothingElseGoes() throws Exception {
        at.mappings = List.of(new Mapping(at.tree.path("source/d"), at.tree.path("srv/x")));
        at.restore(backup, null, null);
        assertEquals(state("source/d"), state("srv/x"));
        assertEquals(List.of("x"), List.copyOf(state("srv").keySet()).stream().filter(p -> !p.contains("/") && !p.equals(".")).toList());
    }

    @Test
    void withATargetTheMappedPartGoesBelowItAndTheRestWhereItBelongs() throws Exception {
        at.mappings = List.of(new Mapping(at.tree.path("source/d"), bytes("/srv/x")));
        at.restore(backup, at.source(), at.tree.path("out"));
        assertEquals(state("source/d"), state("out/srv/x"));
        assertTrue(exists("out/g"));
        assertFalse(exists("out/d"));
    }

    @Test
    void aPathBelowAMappedOneGoesWhereItBelongsThere() throws Exception {
        at.mappings = List.of(new Mapping(at.source(), at.tree.path("srv")));
        at.restore(backup, at.tree.path("source/d/e"), null);
        assertEquals(state("source/d/e"), state("srv/d/e"));
        assertFalse(exists("srv/g"));
    }

    @Test
    void aPathThatTheBackupDoesNotHaveIsAnErrorThatNamesIt() {
        CairnException e = assertThrows(CairnException.class, () -> at.restore(backup, at.tree.path("source/nope"), at.tree.path("out")));
        assertEquals(ExitCode.FAILED, e.exitCode());
        assertTrue(e.getMessage().contains("nope"));
    }

    @Test
    void aFolderThatHeldSomethingElseKeepsItsAttributes() throws Exception {
        at.tree.dir("out").file("out/mine", "m");
        Attrs.chmodat(at.tree.fd, bytes("out"), 01777);
        at.restore(backup, at.source(), at.tree.path("out"));
        assertEquals(01777, at.tree.stat("out").permissions());
    }

    @Test
    void anEmptyFolderTakesThem() throws Exception {
        at.tree.dir("out");
        at.restore(backup, at.source(), at.tree.path("out"));
        assertEquals(state("source"), state("out"));
    }

    @Test
    void whereItWasEverythingIsAsItWas() throws Exception {
        Map<String, String> before = state("source");
        Dirs.unlink(at.tree.fd, bytes("source/g"));
        at.tree.file("source/d/e/f", "other");
        Attrs.chmodat(at.tree.fd, bytes("source"), 0700);
        Stat parent = new Stat().of(at.tree.fd);
        at.restore(backup, null, RawPath.ROOT);
        assertEquals(before, state("source"));
        Stat now = new Stat().of(at.tree.fd);
        assertEquals(parent.mtime(), now.mtime());
        assertEquals(parent.mtimeNanos(), now.mtimeNanos());
    }

    @Test
    void onlyWhatIsSelectedIsRestoredAndNoEmptyFoldersOnTheWay() throws Exception {
        at.filter = new PathFilter() {
            @Override
            public boolean selects(byte[] path, boolean directory) {
                return RawString.decode(path).endsWith("/g");
            }

            @Override
            public boolean enters(byte[] directory) {
                return true;
            }
        };
        at.restore(backup, null, at.tree.path("out"));
        byte[] below = RawPath.join(at.tree.path("out"), RawPath.build(false, RawPath.split(at.source())));
        assertEquals(Set.of(".", "g"), TreeState.of(below).keySet());
    }

    @Test
    void ownersAreMappedByNameByNumberOrAsTheUserSays() throws Exception {
        Map<Long, byte[]> users = Map.of(50001L, bytes("root"), 50002L, bytes("no such user here"));
        Owners byName = new NamedOwners(users, new HashMap<>());
        assertEquals(0, byName.uid(50001));
        assertEquals(50002, byName.uid(50002));
        assertEquals(50003, byName.uid(50003));
        Owners mapped = new OwnerMap(List.of("root=4711", ":7=:8", "50003=root"), users, Map.of(), byName);
        assertEquals(4711, mapped.uid(50001));
        assertEquals(0, mapped.uid(50003));
        assertEquals(8, mapped.gid(7));
        assertEquals(9, mapped.gid(9));
        for (String wrong : List.of("x", "a=", "=b", ":a=b", "a=:b", "a=no such user here")) {
            assertEquals(ExitCode.USAGE, assertThrows(CairnException.class, () -> new OwnerMap(List.of(wrong), users, Map.of(), byName)).exitCode());
        }
    }

    @Test
    void mappedOwnersAreSet() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(Sys.euid() == 0);
        at.owners = new OwnerMap(List.of("0=4711", ":0=:4712"), Map.of(), Map.of(), Owners.NUMERIC);
        at.restoreTo(backup, "out");
        for (String name : List.of("out", "out/d", "out/d/e/f", "out/g")) {
            assertEquals(4711, at.tree.stat(name).uid());
            assertEquals(4712, at.tree.stat(name).gid());
        }
    }
}
