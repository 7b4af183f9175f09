package cairn.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.error.CairnException;
import cairn.posix.Mounts.Mount;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots by scripts, and the order in which the tools of the other methods are called: recorded by tools of the test's own. */
class SnapshotsTest {
    @TempDir
    Path temp;

    private final List<String> said = new ArrayList<>();
    private Path tools;
    private Path calls;
    private Path data;

    private final SnapshotListener listener = new SnapshotListener() {
        @Override
        public void log(String line) {
            said.add("log: " + line);
        }

        @Override
        public void warning(String message) {
            said.add("warning: " + message);
        }
    };

    @BeforeEach
    void folders() throws IOException {
        temp = temp.toRealPath();
        tools = Files.createDirectory(temp.resolve("tools"));
        data = Files.createDirectory(temp.resolve("data"));
        calls = Files.createFile(temp.resolve("calls"));
    }

    private static byte[] raw(Object text) {
        return RawString.encode(text.toString());
    }

    private Path tool(String name, String script) throws IOException {
        Path tool = Files.writeString(tools.resolve(name), "#!/bin/sh\nprintf '%s' " + name + " >> " + calls + "; for a; do printf ' %s' \"$a\" >> " + calls
                + "; done; echo >> " + calls + "\n" + script + "\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
        return tool;
    }

    private Map<String, String> environment() {
        return Map.of("PATH", tools + ":/usr/bin:/bin");
    }

    private Snapshots snapshots() {
        return new Snapshots(raw(temp.resolve("state")), raw(temp.resolve("mounts")), environment(), listener);
    }

    private SnapshotRequest script(String config, String client) throws IOException {
        Path file = Files.writeString(temp.resolve("snapshot.cfg"), config);
        return new SnapshotRequest(MethodChoice.parse("script"), null, null, client == null ? null : raw(client), raw(file));
    }

    private String called(String id) throws IOException {
        return Files.readString(calls).replace(id, "ID").replace(temp.toString(), "TEMP");
    }

    @Test
    void scriptsAreCalledAsUrBackupCallsThem() throws Exception {
        Path frozen = Files.createDirectory(temp.resolve("frozen"));
        String mount = RawString.decode(Volume.of(raw(data)).mount().point());
        Path inside = Files.createDirectories(frozen.resolve(Path.of(mount).relativize(data)));
        Path create = tool("create", "echo making it; echo SNAPSHOT=" + frozen);
        Path remove = tool("remove", "echo gone");
        tool("other", "exit 1");
        Snapshots snapshots = snapshots();
        SnapshotRequest request = script("# comment\ncreate_filesystem_snapshot=other\nremove_filesystem_snapshot=" + remove
                + "\nmail_create_filesystem_snapshot=\"" + create + " -x\"\n", "mail");
        String id;
        try (Snapshot snapshot = snapshots.take(snapshots.volume(raw(data), request), request, true)) {
            id = snapshot.id().hex();
            assertEquals(inside.toString(), RawString.decode(snapshot.path()));
            assertNotNull(snapshot.taken());
            assertTrue(snapshots.list().getFirst().inUse());
            assertThrows(CairnException.class, () -> snapshots.remove(id), "in use");
            snapshot.remove();
        }
        assertEquals("create -x ID " + mount + " data TEMP/data mail\nremove ID TEMP/frozen data "
                + inside.toString().replace(temp.toString(), "TEMP") + " " + mount + " mail\n", called(id));
        assertEquals(List.of("log: making it", "log: gone"), said);
        assertEquals(List.of(), snapshots.list());
        assertEquals(0, snapshots.remove(id), "removed twice");
    }

    @Test
    void aPathMayExistOnlyInsideOfTheSnapshot() throws Exception {
        Path frozen = Files.createDirectory(temp.resolve("frozen"));
        Path create = tool("create", "echo SNAPSHOT=" + frozen);
        Path remove = tool("remove", "");
        String config = "create_filesystem_snapshot=" + create + "\nremove_filesystem_snapshot=" + remove + "\n";
        Snapshots snapshots = snapshots();
        assertThrows(PosixException.class, () -> snapshots.volume(raw("/only/there"), script(config, null)));
        SnapshotRequest request = script(config + "volumes_mounted_locally=0\n", null);
        try (Snapshot snapshot = snapshots.take(snapshots.volume(raw("/only/there"), request), request, true)) {
            assertArrayEquals(raw(frozen), snapshot.path());
            assertArrayEquals(raw("/only/there"), snapshot.origin());
            assertEquals("create ID /only/there there /only/there\n", called(snapshot.id().hex()));
            snapshot.remove();
        }
    }

    @Test
    void aScriptThatFailsMakesNoSnapshotAndNeverRemovesWithoutAPath() throws Exception {
        Path create = tool("create", "echo no room; exit 3");
        Path remove = tool("remove", "");
        SnapshotRequest request = script("create_filesystem_snapshot=" + create + "\nremove_filesystem_snapshot=" + remove + "\n", null);
        Snapshots snapshots = snapshots();
        CairnException failure = assertThrows(CairnException.class, () -> snapshots.take(Volume.of(raw(data)), request, true));
        assertTrue(failure.getMessage().contains("ended with status 3: no room"), failure.getMessage());
        assertFalse(Files.readString(calls).contains("remove"));
        assertEquals(List.of(), snapshots.list());
        try (Snapshot live = snapshots.take(Volume.of(raw(data)), request, false)) {
            assertTrue(live.isLive(), "a backup goes on where none is required");
        }
        SnapshotRequest required = new SnapshotRequest(MethodChoice.parse("script,required"), null, null, null, request.config());
        assertThrows(CairnException.class, () -> snapshots.take(Volume.of(raw(data)), required, false));
    }

    @Test
    void nothingToFreezeIsNoError() throws Exception {
        Path create = tool("create", "echo SNAPSHOT=none");
        SnapshotRequest request = script("create_filesystem_snapshot=" + create + "\nremove_filesystem_snapshot=x\n", null);
        try (Snapshot live = snapshots().take(Volume.of(raw(data)), request, true)) {
            assertTrue(live.isLive());
            assertEquals(List.of(), said);
        }
    }

    @Test
    void whatACrashedRunLeftIsStaleAndWhatIsKeptIsNot() throws Exception {
        Path create = tool("create", "mkdir -p " + temp + "/snaps/$1; echo SNAPSHOT=" + temp + "/snaps/$1");
        Path remove = tool("remove", "rmdir $2");
        SnapshotRequest request = script("volumes_mounted_locally=0\ncreate_filesystem_snapshot=" + create + "\nremove_filesystem_snapshot=" + remove
                + "\n", null);
        Snapshots snapshots = snapshots();
        Snapshot crashed = snapshots.take(Volume.of(raw(data)), request, true);
        crashed.close(); // as the kernel does it for a process that is killed
        Snapshot kept = snapshots.take(Volume.of(raw(data)), request, true);
        kept.keep();
        kept.close();
        Snapshot running = snapshots.take(Volume.of(raw(data)), request, true);
        assertEquals(List.of(true, false, false), snapshots.list().stream().map(SnapshotInfo::stale).toList());
        assertEquals(1, snapshots.removeStale());
        assertEquals(List.of(kept.id(), running.id()), snapshots.list().stream().map(SnapshotInfo::id).toList());
        assertEquals(1, snapshots.remove(RawString.decode(kept.path())), "by its path");
        running.remove();
        running.close();
        try (var left = Files.list(temp.resolve("snaps"))) {
            assertEquals(0, left.count());
        }
    }

    private static Volume volume(String type, String source, Path point) {
        Mount mount = new Mount(1, 1, 0, raw("/"), raw(point), "rw", type, raw(source), "rw");
        return new Volume(raw(point.resolve("sub")), true, mount, raw("/sub"), 0);
    }

    private Snapshot make(Method method, Driver driver, Volume volume) throws IOException {
        return snapshots().make(method, driver, volume, SnapshotRequest.of(MethodChoice.AUTO));
    }

    private MountPoint mountPoint(Tools with) {
        return new MountPoint(with, raw(temp.resolve("mounts")));
    }

    @Test
    void zfsToolsAreCalledInOrder() throws Exception {
        tool("zfs", "");
        tool("mount", "");
        Tools with = new Tools(environment(), listener);
        try (Snapshot snapshot = make(Method.ZFS, new Zfs(with, mountPoint(with)), volume("zfs", "tank/home", data))) {
            assertEquals(temp + "/mounts/" + snapshot.id() + "/sub", RawString.decode(snapshot.path()));
            assertNull(snapshot.defect());
            snapshot.remove();
            assertEquals("zfs snapshot tank/home@cairn-ID\nmount -t zfs -o ro -- tank/home@cairn-ID TEMP/mounts/ID\n"
                    + "zfs list -H -t snapshot -o name tank/home@cairn-ID\nzfs destroy tank/home@cairn-ID\n", called(snapshot.id().hex()));
        }
    }

    @Test
    void dattobdDestroysOnlyItsOwnDeviceAndTellsOfItsErrors() throws Exception {
        Path info = temp.resolve("datto-info");
        tool("dbdctl", "[ $1 != setup-snapshot ] || { touch $3; echo '{\"devices\":[{\"minor\":'$4',\"cow_file\":\"'$3'\",\"state\":3}]}' > " + info + "; }");
        tool("mount", "");
        Tools with = new Tools(environment(), listener);
        Dattobd driver = new Dattobd(with, mountPoint(with), info.toString());
        try (Snapshot snapshot = make(Method.DATTOBD, driver, volume("ext4", "/dev/sda1", data))) {
            assertNull(snapshot.defect());
            Files.writeString(info, Files.readString(info).replace("\"state\":3", "\"error\": -28"));
            assertTrue(snapshot.defect().contains("error -28"), snapshot.defect());
            snapshot.remove();
            assertEquals("dbdctl setup-snapshot /dev/sda1 TEMP/data/.cairn-datto-ID 0\nmount -t ext4 -o ro,noload -- /dev/datto0 TEMP/mounts/ID\n"
                    + "dbdctl destroy 0\n", called(snapshot.id().hex()));
        }
        try (var left = Files.list(data)) {
            assertEquals(0, left.count(), "its file is removed");
        }
    }

    @Test
    void lvmCleansUpBehindAFailedMount() throws Exception {
        tool("lvs", "case \"$*\" in *segtype*) echo '  vg|home|linear|100';; *lv_path*) echo '  /dev/vg/x|/dev/mapper/vg-x';;"
                + " *-S*) cat " + temp + "/volume 2>/dev/null || :;; esac");
        tool("lvcreate", "echo $4 > " + temp + "/volume");
        tool("lvremove", "rm " + temp + "/volume");
        tool("mount", "echo wrong fs type >&2; exit 32");
        Tools with = new Tools(environment(), listener);
        Lvm driver = new Lvm(with, mountPoint(with));
        CairnException failure = assertThrows(CairnException.class, () -> make(Method.LVM, driver, volume("xfs", "/dev/mapper/vg-home", data)));
        assertTrue(failure.getMessage().contains("wrong fs type"), failure.getMessage());
        String text = Files.readString(calls).replaceAll("[0-9a-f]{32}", "ID");
        assertTrue(text.contains("lvcreate -y -s -n cairn-ID -l 50%FREE vg/home\n"), text);
        assertTrue(text.contains("mount -t xfs -o ro,nouuid -- "), text);
        assertTrue(text.contains("lvremove -f -y vg/cairn-ID\n"), text);
        assertFalse(Files.exists(temp.resolve("volume")));
        assertEquals(List.of(), snapshots().list());
    }

    @Test
    void whoeverReadsFromASnapshotLearnsThatItOverflowed() throws Exception {
        Path attributes = Files.writeString(temp.resolve("attributes"), "  swi-aos---||12.50\n");
        tool("lvs", "case \"$*\" in *segtype*) printf '  vg|home|linear|100\\n  vg|home|linear|100\\n';; *lv_path*) echo '  /dev/vg/x|/dev/mapper/vg-x';;"
                + " *lv_attr*) cat " + attributes + ";; esac");
        tool("lvcreate", "");
        tool("mount", "");
        Tools with = new Tools(environment(), listener);
        try (Snapshot snapshot = make(Method.LVM, new Lvm(with, mountPoint(with)), volume("ext4", "/dev/mapper/vg-home", data))) {
            byte[] above = raw(temp.resolve("mounts").resolve(snapshot.id().hex()));
            assertEquals(temp + "/mounts/" + snapshot.id() + "/sub", RawString.decode(snapshot.path()));
            assertNull(snapshots().defect(snapshot.path()));
            Files.writeString(attributes, "  swi-Ios---|snapshot invalid|100.00\n");
            assertTrue(snapshots().defect(snapshot.path()).contains("it overflowed"));
            assertTrue(snapshots().defect(raw(RawString.decode(snapshot.path()) + "/below/")).contains("it overflowed"));
            assertTrue(snapshots().defect(above).contains("it overflowed"), "where what was frozen is a file, its folder is mapped");
            assertNull(snapshots().defect(raw(data)));
        }
    }

    @Test
    void aBtrfsIsNotFrozenByItsLogicalVolume() throws Exception {
        tool("lvs", "echo '  vg|home|linear|100'");
        Tools with = new Tools(environment(), listener);
        CairnException refused = assertThrows(CairnException.class,
                () -> make(Method.LVM, new Lvm(with, mountPoint(with)), volume("btrfs", "/dev/mapper/vg-home", data)));
        assertTrue(refused.getMessage().contains("btrfs"), refused.getMessage());
        assertEquals("", Files.readString(calls));
    }

    @Test
    void anOverflowIsSeen() {
        assertNull(Lvm.defect("swi-aos---", "", "12.50"));
        assertNull(Lvm.defect("Vri---tz-k", "", ""));
        for (String[] bad : new String[][] {{"swi-I-s---", "snapshot invalid", "100.00"}, {"swi-aos---", "", "100.00"}, {"Swi-I-s---", "", ""}}) {
            assertNotNull(Lvm.defect(bad[0], bad[1], bad[2]), bad[0]);
        }
    }

    @Test
    void methodsAreParsed() {
        assertEquals(new MethodChoice(Method.LVM, true), MethodChoice.parse("lvm,required"));
        assertEquals(MethodChoice.AUTO, MethodChoice.parse("auto"));
        for (String bad : List.of("", "lvm2", "lvm,", "lvm,required,required", "none,required", "LVM")) {
            assertThrows(IllegalArgumentException.class, () -> MethodChoice.parse(bad), bad);
        }
    }

    @Test
    void stateKeepsAnyBytesAndIgnoresATornLine() throws Exception {
        byte[] folder = raw(temp);
        byte[] odd = {'/', (byte) 0xFF, '\n', '%', ' ', 'a'};
        SnapshotId id = SnapshotId.random();
        try (StateFile state = StateFile.create(folder, id)) {
            state.put("path", odd);
            Files.writeString(temp.resolve(id.hex()), "pid 12", StandardOpenOption.APPEND);
            try (StateFile again = StateFile.open(folder, id)) {
                assertArrayEquals(odd, again.get("path"));
                assertNull(again.get("pid"));
                assertTrue(again.inUse());
                assertFalse(again.lock());
            }
            state.delete();
        }
        assertNull(StateFile.open(folder, id));
    }
}
