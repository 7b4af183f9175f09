package cairn.snapshot;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Dirs;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Stat;
import cairn.posix.Sys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A snapshot by Datto's kernel module, for block devices without a volume manager. It keeps what changes in a file on
 * the same file system, which is not in the snapshot's way: it grows there, and is removed with it. Devices of
 * the module have small numbers that are used again, so one is only destroyed if its file is ours.
 */
final class Dattobd implements Driver {
    static final String CONTROL = "/dev/datto-ctl";
    private static final String MINOR = "minor";
    private static final String FILE = "cow-file";
    private static final int MOST = 255;

    private final Tools tools;
    private final MountPoint mountPoint;
    private final String info;

    /** @param info where the module tells of its devices, as JSON */
    Dattobd(Tools tools, MountPoint mountPoint, String info) {
        this.tools = tools;
        this.mountPoint = mountPoint;
        this.info = info;
    }

    static boolean fits(Volume volume) throws PosixException {
        return new Stat().exists(Open.AT_FDCWD, RawString.encode(CONTROL)) && RawPath.isWithin(volume.mount().source(), RawString.encode("/dev"));
    }

    @Override
    public View create(StateFile state, Volume volume, SnapshotRequest request) throws IOException {
        int minor = 0;
        while (new Stat().exists(Open.AT_FDCWD, RawString.encode("/dev/datto" + minor))) {
            if (++minor > MOST) {
                throw new CairnException(ExitCode.FAILED, "dattobd has no free device", null);
            }
        }
        byte[] file = RawPath.join(volume.mount().point(), RawString.encode(".cairn-datto-" + state.id().hex()));
        state.put(MINOR, Integer.toString(minor));
        state.put(FILE, file);
        tools.run("dbdctl", "setup-snapshot", volume.mount().source(), file, Integer.toString(minor));
        byte[] root = mountPoint.make(state);
        // its device cannot be written to, so that a log could not be replayed; making it froze the file system, which left none
        String type = volume.mount().type();
        String options = type.equals("xfs") ? "ro,norecovery,nouuid" : type.startsWith("ext") ? "ro,noload" : "ro";
        mountPoint.mount(state, type, options, RawString.encode("/dev/datto" + minor));
        return new View(root, new byte[] {'/'}, false);
    }

    @Override
    public String defect(StateFile state) throws IOException {
        String own = own(state);
        if (own == null) {
            return "it is gone";
        }
        Matcher error = Pattern.compile("\"error\"\\s*:\\s*(-?[0-9]+)").matcher(own);
        return error.find() && !error.group(1).equals("0") ? "it failed with error " + error.group(1) + ": the file system may be full" : null;
    }

    /** What the module tells of the device whose file is that of this snapshot, or null. */
    private String own(StateFile state) throws IOException {
        String all;
        try {
            all = new String(Sys.readFile(Open.AT_FDCWD, RawString.encode(info)), StandardCharsets.ISO_8859_1);
        } catch (PosixException e) {
            if (e.isNotFound()) {
                return null;
            }
            throw e;
        }
        for (String device : all.split("\\{")) {
            if (device.contains(state.id().hex())) {
                return device;
            }
        }
        return null;
    }

    @Override
    public void remove(StateFile state) throws IOException {
        mountPoint.remove(state);
        byte[] file = state.get(FILE);
        if (file == null) {
            return;
        }
        if (own(state) != null) {
            tools.run("dbdctl", "destroy", state.text(MINOR));
        }
        try {
            Dirs.unlink(Open.AT_FDCWD, file);
        } catch (PosixException e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }
}
