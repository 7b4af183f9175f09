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
        String type = volume.mount().type();
        if (type.equals("btrfs")) {
            // it knows its devices by an id that the snapshot has too, and would show one in the place of the other
            throw new CairnException(ExitCode.FAILED, "a btrfs cannot be mounted a second time from a snapshot of its volume", "use --method btrfs");
        }
        Origin origin = origin(volume);
        String name = PREFIX + state.id().hex();
        state.put(GROUP, origin.group());
        state.put(VOLUME, name);
        if (origin.thin()) {
            create("lvcreate", "-y", "-s", "-kn", "-n", name, origin.path());
        } else if (origin.free().equals("0")) {
            throw new CairnException(ExitCode.FAILED, "the volume group " + origin.group() + " has no room for the snapshot: all of it is in volumes",
                    "leave a part of it free, for what changes while a snapshot exists, or use thin volumes");
        } else {
            String size = request.size() == null ? DEFAULT_SIZE : request.size();
            create("lvcreate", "-y", "-s", "-n", name, size.contains("%") ? "-l" : "-L", size, origin.path());
        }
        mountPoint.make(state);
        mountPoint.mount(state, type, type.equals("xfs") ? "ro,nouuid" : "ro", device(origin.group() + "/" + name));
        return new View(state.get("mount-point"), new byte[] {'/'}, false);
    }

    private record Origin(String group, String name, boolean thin, String free) {
        String path() {
            return group + "/" + name;
        }
    }

    private Origin origin(Volume volume) throws IOException {
        byte[] source = volume.mount().source();
        Tools.Result found = tools.attempt("lvs", "--noheadings", "--separator", "|", "-o", "vg_name,lv_name,segtype,vg_free_count", "--", source);
        if (!found.good()) {
            throw new CairnException(ExitCode.FAILED, "'" + RawString.printable(volume.path()) + "' does not lie on a logical volume, but on "
                    + RawString.printable(source) + ": lvs " + found.ended().meaning() + found.lastLine(), null);
        }
        // a line for each segment
        String[] fields = fields(found.out().lines().findFirst().orElse(""), 4);
        return new Origin(fields[0], fields[1], fields[2].equals("thin"), fields[3]);
    }

    private void create(Object... words) throws IOException {
        Tools.Result result = tools.attempt(words);
        if (!result.good()) {
            throw new CairnException(ExitCode.FAILED, "lvcreate " + result.ended().meaning() + result.lastLine(),
                    "'vgs' shows what room there is; --snapshot-size sets how much is taken");
        }
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
                throw new CairnException(ExitCode.FAILED, "cannot remove the logical volume " + group + "/" + name + result.lastLine(),
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
