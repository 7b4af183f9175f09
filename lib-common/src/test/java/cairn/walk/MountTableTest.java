package cairn.walk;

import static cairn.posix.TempTree.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import cairn.posix.Mounts.Mount;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountTableTest {
    @ParameterizedTest
    @CsvSource({"fuse.cairn,x,true", "fuse.cairnfs,x,true", "fuse,cairn:/srv/repo,true", "fuse.sshfs,cairn@host:/,false",
        "fuse,backup,false", "ext4,cairn,false", "fuse.rclone,mycairn:,false", "fuseblk,/dev/sda1,false"})
    void mountsOfCairnAreToldByTypeOrSource(String type, String source, boolean expected) {
        assertEquals(expected, MountTable.isCairn(mount(type, source)));
    }

    @ParameterizedTest
    @CsvSource({"proc,true", "cgroup2,true", "devtmpfs,true", "fuse.lxcfs,true", "overlay,false", "tmpfs,false",
        "ext4,false", "fuse.sshfs,false", "nfs4,false", "autofs,false", "ramfs,false"})
    void fileSystemsWithoutFilesThatLastAreSpecial(String type, boolean expected) {
        assertEquals(expected, MountTable.isSpecial(mount(type, "none")));
    }

    private static Mount mount(String type, String source) {
        return new Mount(1, 0, 5, bytes("/"), bytes("/mnt"), "rw", type, bytes(source), "rw");
    }
}
