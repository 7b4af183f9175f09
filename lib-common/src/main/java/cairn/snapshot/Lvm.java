package cairn.snapshot;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import cairn.posix.Stat;
import cairn.posix.Sys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A snapshot of a logical volume, mounted read-only. That of a thin volume takes room from its pool; that of another gets
 * an area for what changes meanwhile, and is lost when it is full: so it is looked at again before anything read from
 * it counts.
 */
final class Lvm implements Driver {
    /** Of the names of snapshots. */
    static final String PREFIX = "cairn-";
    static final String DEFAULT_SIZE = "50%FREE";
    private static final String GROUP = "volume-group";
    private static final String VOLUME = "logical-volume";

    private final Tools tools;
    private final MountPoint mountPoint;

    Lvm(Tools tools, MountPoint mountPoint) {
        this.tools = tools;
        this.mountPoint = mountPoint;
    }

    /** Whether a path lies directly on a logical volume. */
    static boolean fits(Volume volume) {
        String uuid = "/sys/dev/block/" + (volume.dev() >>> 32) + ":" + (int) volume.dev() + "/dm/uuid";
        try {
            return new String(Sys.readFile(Open.AT_FDCWD, RawString.encode(uuid)), StandardCharsets.ISO_8859_1).startsWith("LVM-");
        } catch (PosixException e) {
            return false;
        }
    }

    @Override
    public View create(StateFile state, Volume volume, SnapshotRequest request) throws IOException {
        String[] origin = fields(tools.run("lvs", "--noheadings", "--separator", "|", "-o", "vg_name,lv_name,segtype", volume.mount().source()), 3);
        String name = PREFIX + state.id().hex();
        state.put(GROUP, origin[0]);
        state.put(VOLUME, name);
        if (origin[2].equals("thin")) {
            tools.run("lvcreate", "-y", "-s", "-kn", "-n", name, origin[0] + "/" + origin[1]);
        } else {
            String size = request.size() == null ? DEFAULT_SIZE : request.size();
            tools.run("lvcreate", "-y", "-s", "-n", name, size.contains("%") ? "-l" : "-L", size, origin[0] + "/" + origin[1]);
        }
        mountPoint.make(state);
        String type = volume.mount().type();
        mountPoint.mount(state, type, type.equals("xfs") ? "ro,nouuid" : "ro", device(origin[0] + "/" + name));
        return new View(state.get("mount-point"), new byte[] {'/'}, false);
    }

    /** Where udev does not run, only one of the two names may exist. */
    private byte[] device(String volume) throws IOException {
        String[] paths = fields(tools.run("lvs", "--noheadings", "--separator", "|", "-o", "lv_path,lv_dm_path", volume), 2);
        for (String path : paths) {
            if (new Stat().exists(Open.AT_FDCWD, RawString.encode(path))) {
                return RawString.encode(path);
            }
        }
        return RawString.encode(paths[0]);
    }

    private static String[] fields(String line, int count) throws CairnException {
        String[] fields = line.strip().split("\\|", -1);
        if (fields.length != count) {
            throw new CairnException(ExitCode.FAILED, "lvs told something else than what it was asked: " + line.strip(), null);
        }
        return fields;
    }

    @Override
    public String defect(StateFile state) throws IOException {
        String found = tools.run("lvs", "--noheadings", "--separator", "|", "-o", "lv_attr,lv_snapshot_invalid,snap_percent",
                "-S", "lv_name=" + state.text(VOLUME), state.text(GROUP));
        if (found.isBlank()) {
            return "it is gone";
        }
        String[] fields = fields(found, 3);
        return defect(fields[0], fields[1], fields[2]);
    }

    /** @param attributes as lvs(8) has them: the fifth letter is the state */
    static String defect(String attributes, String invalid, String percent) {
        char state = attributes.length() > 4 ? attributes.charAt(4) : '-';
        boolean full = !percent.isBlank() && Double.parseDouble(percent.replace(',', '.')) >= 100;
        boolean snapshot = !attributes.isEmpty() && (attributes.charAt(0) == 's' || attributes.charAt(0) == 'S');
        return state == 'I' || state == 'S' || attributes.startsWith("S") || invalid.contains("invalid") || snapshot && full
                ? "it overflowed: more changed while it existed than its area holds" : null;
    }

    @Override
    public void remove(StateFile state) throws IOException {
        mountPoint.remove(state);
        String name = state.text(VOLUME);
        String group = state.text(GROUP);
        for (int attempt = 0; !name.isEmpty() && exists(group, name); attempt++) {
            Tools.Result result = tools.attempt("lvremove", "-f", "-y", group + "/" + name);
            if (!result.good() && attempt > 0) {
                throw new CairnException(ExitCode.FAILED, "cannot remove the logical volume " + group + "/" + name + ": " + result.err().strip(),
                        "end what still uses it, then 'cairn snapshot remove " + state.id().brief() + "'");
            }
            if (!result.good()) {
                MountPoint.pause(1000);
            }
        }
    }

    private boolean exists(String group, String name) throws IOException {
        String found = tools.run("lvs", "--noheadings", "-o", "lv_name", "-S", "vg_name=" + group + " && lv_name=" + name);
        return List.of(found.strip().split("\\s+")).contains(name);
    }
}
