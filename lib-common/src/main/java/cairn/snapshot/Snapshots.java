package cairn.snapshot;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.DirStream;
import cairn.posix.Mounts;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Stat;
import cairn.posix.Sys;
import cairn.walk.MountTable;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Makes, finds and removes snapshots. */
public final class Snapshots {
    private static final String DATTO_INFO = "/proc/datto-info";

    private final byte[] folder;
    private final Tools tools;
    private final MountPoint mountPoint;
    private final Script script;
    private final SnapshotListener listener;

    /**
     * @param folder      where is kept what is known of snapshots; made if it does not exist
     * @param mounts      the folder below which they are mounted
     * @param environment of the tools and scripts that are run, in the form of {@link RawString}
     */
    public Snapshots(byte[] folder, byte[] mounts, Map<String, String> environment, SnapshotListener listener) {
        this.folder = folder;
        this.listener = listener;
        tools = new Tools(environment, listener);
        mountPoint = new MountPoint(tools, mounts);
        script = new Script(tools);
    }

    /** What a script is to back up without it being here, or a path that exists. */
    public Volume volume(byte[] path, SnapshotRequest request) throws IOException {
        try {
            return Volume.of(path);
        } catch (PosixException e) {
            boolean script = request.choice().method() == Method.SCRIPT || request.choice().method() == null && request.config() != null;
            if (!e.isNotFound() || !script || Script.config(request).mountedLocally()) {
                throw e;
            }
            return Volume.elsewhere(path);
        }
    }

    /**
     * Makes a snapshot of what a path lies on, by the method that was asked for; where that does not work and a snapshot
     * is not required, says so and gives the live path.
     *
     * @param named whether the path as it is would not do for a method that was named
     */
    public Snapshot take(Volume volume, SnapshotRequest request, boolean named) throws IOException {
        MethodChoice choice = request.choice();
        if (choice.method() == Method.NONE) {
            return Snapshot.live(volume);
        }
        boolean fatal = choice.required() || named && choice.method() != null || !volume.exists();
        try {
            Method method = choice.method() == null ? fitting(volume, request) : choice.method();
            Snapshot snapshot = make(method, volume, request);
            warnOfWhatIsNotInIt(snapshot, volume);
            return snapshot;
        } catch (CairnException | PosixException e) {
            String place = "'" + RawString.printable(volume.path()) + "'";
            CairnException failure = new CairnException(ExitCode.FAILED, "no snapshot of " + place + ": " + e.getMessage(),
                    e instanceof CairnException told && told.remedy() != null ? told.remedy() : Sys.euid() == 0 ? null : "run it as root", e);
            if (fatal) {
                throw failure;
            }
            listener.warning(failure.getMessage() + "; it is read live, as it is");
            return Snapshot.live(volume);
        }
    }

    private static Method fitting(Volume volume, SnapshotRequest request) throws IOException {
        // UrBackup's own configuration is only used where a script is asked for
        byte[] own = RawString.encode(ScriptConfig.PLACES.getFirst());
        byte[] file = request.config() != null ? request.config() : new Stat().exists(Open.AT_FDCWD, own) ? own : null;
        if (file != null && ScriptConfig.read(file, request.client()).create() != null) {
            return Method.SCRIPT;
        }
        if (volume.exists()) {
            String type = volume.mount().type();
            if (type.equals("btrfs")) {
                return Method.BTRFS;
            }
            if (type.equals("zfs")) {
                return Method.ZFS;
            }
            if (Lvm.fits(volume)) {
                return Method.LVM;
            }
            if (Dattobd.fits(volume)) {
                return Method.DATTOBD;
            }
            throw new CairnException(ExitCode.FAILED, "no method fits " + type + " on " + RawString.printable(volume.mount().source()),
                    "give a pair of scripts (cairn-snapshot(7)), or --method none");
        }
        throw new CairnException(ExitCode.FAILED, "no method fits a path that does not exist", null);
    }

    private Driver driver(Method method) {
        return switch (method) {
            case BTRFS -> new Btrfs(tools, mountPoint);
            case LVM -> new Lvm(tools, mountPoint);
            case ZFS -> new Zfs(tools, mountPoint);
            case DATTOBD -> new Dattobd(tools, mountPoint, DATTO_INFO);
            case SCRIPT -> script;
            case NONE -> throw new IllegalArgumentException("no snapshot");
        };
    }

    private Snapshot make(Method method, Volume volume, SnapshotRequest request) throws IOException {
        return make(method, driver(method), volume, request);
    }

    Snapshot make(Method method, Driver driver, Volume volume, SnapshotRequest request) throws IOException {
        Folders.make(folder);
        StateFile state = StateFile.create(folder, SnapshotId.random());
        boolean done = false;
        try {
            Instant taken = Instant.now();
            state.put(StateFile.METHOD, method.word());
            state.put(StateFile.ORIGIN, volume.path());
            state.put(StateFile.TAKEN, taken.toString());
            state.put(StateFile.PID, Integer.toString(Sys.pid()));
            Driver.View view = driver.create(state, volume, request);
            if (view == null) {
                state.delete();
                return Snapshot.live(volume);
            }
            byte[] path = view.of(volume);
            state.put(StateFile.PATH, path);
            done = true;
            return new Snapshot(method, driver, state, volume, view, path, taken);
        } finally {
            if (!done) {
                cleanUp(state, driver);
            }
        }
    }

    private void cleanUp(StateFile state, Driver driver) {
        try (state) {
            driver.remove(state);
            state.delete();
        } catch (IOException e) {
            listener.warning("what was begun of the snapshot " + state.id().brief() + " could not be removed: " + e.getMessage());
        }
    }

    private void warnOfWhatIsNotInIt(Snapshot snapshot, Volume volume) throws IOException {
        if (snapshot.isLive() || !volume.exists()) {
            return;
        }
        for (Mounts.Mount mount : Mounts.read()) {
            boolean own = RawPath.isWithin(snapshot.path(), mount.point());
            if (!own && mount.point().length > volume.path().length && RawPath.isWithin(mount.point(), volume.path()) && !MountTable.isOfTheKernel(mount)) {
                listener.warning("'" + RawString.printable(mount.point()) + "' (" + mount.type() + ") is not in the snapshot: it is mounted on its own");
            }
        }
        if (volume.mount().type().equals("btrfs")) {
            for (byte[] nested : new Btrfs(tools, mountPoint).nested(volume)) {
                listener.warning("'" + RawString.printable(nested) + "' is not in the snapshot: it is a subvolume of its own");
            }
        }
    }

    /** Asks a script that is making a snapshot to give up. */
    public void interrupt() {
        script.interrupt();
    }

    /**
     * Why what is read from a folder must not be relied on, if that is in one of the snapshots that are known here, or is
     * just above what one is of; or null.
     */
    public String defect(byte[] path) throws IOException {
        byte[] folder = RawPath.normalise(RawPath.absolute(path));
        for (SnapshotId id : ids()) {
            try (StateFile state = StateFile.open(this.folder, id)) {
                byte[] found = state == null ? null : state.get(StateFile.PATH);
                if (found != null && (RawPath.isWithin(folder, found) || Arrays.equals(folder, RawPath.parent(found)))) {
                    String defect = driver(Method.of(state.text(StateFile.METHOD))).defect(state);
                    if (defect != null) {
                        return Snapshot.noGood(state.get(StateFile.ORIGIN), defect);
                    }
                }
            }
        }
        return null;
    }

    /** All that are known, the oldest first. */
    public List<SnapshotInfo> list() throws IOException {
        List<SnapshotInfo> all = new ArrayList<>();
        for (SnapshotId id : ids()) {
            try (StateFile state = StateFile.open(folder, id)) {
                if (state != null) {
                    all.add(info(state));
                }
            }
        }
        all.sort(Comparator.comparing(info -> info.taken() == null ? Instant.EPOCH : info.taken()));
        return all;
    }

    private static SnapshotInfo info(StateFile state) throws PosixException {
        boolean inUse = state.inUse();
        Instant taken = null;
        try {
            taken = Instant.parse(state.text(StateFile.TAKEN));
        } catch (DateTimeException e) {
            // it was killed before it wrote that
        }
        return new SnapshotInfo(state.id(), Method.of(state.text(StateFile.METHOD)), state.get(StateFile.ORIGIN), state.get(StateFile.PATH), taken,
                inUse, state.get(StateFile.KEPT) != null, state.text(StateFile.PID));
    }

    private List<SnapshotId> ids() throws PosixException {
        List<SnapshotId> ids = new ArrayList<>();
        int fd;
        try {
            fd = Open.openat(Open.AT_FDCWD, folder, Open.O_RDONLY | Open.O_DIRECTORY, 0);
        } catch (PosixException e) {
            if (e.isNotFound()) {
                return ids;
            }
            throw e;
        }
        try {
            DirStream entries = new DirStream(fd);
            while (entries.next()) {
                String name = RawString.decode(entries.name());
                if (SnapshotId.isId(name)) {
                    ids.add(new SnapshotId(name));
                }
            }
        } finally {
            Open.close(fd);
        }
        return ids;
    }

    /**
     * Removes the snapshots that an id, the start of one or a path names.
     *
     * @return how many there were: none if they were removed before
     */
    public int remove(String what) throws IOException {
        byte[] path = RawString.encode(what);
        List<SnapshotInfo> found = new ArrayList<>();
        for (SnapshotInfo info : list()) {
            boolean named = SnapshotId.isStart(what) && info.id().hex().startsWith(what);
            if (named || info.path() != null && RawPath.isAbsolute(path) && Arrays.equals(info.path(), RawPath.normalise(path))) {
                found.add(info);
            }
        }
        if (found.size() > 1) {
            throw new CairnException(ExitCode.USAGE, "'" + what + "' names " + found.size() + " snapshots", "give more of its id, see 'cairn snapshot list'");
        }
        for (SnapshotInfo info : found) {
            if (!remove(info.id(), true)) {
                throw new CairnException(ExitCode.FAILED, "the snapshot " + info.id().brief() + " is in use by process " + info.pid(), "wait until it ends");
            }
        }
        return found.size();
    }

    /** Removes what crashed runs left; what cannot be removed is told, and stays known. @return how many it removed */
    public int removeStale() throws IOException {
        int removed = 0;
        for (SnapshotInfo info : list()) {
            if (info.stale()) {
                try {
                    if (remove(info.id(), false)) {
                        removed++;
                        listener.log("removed the snapshot " + info.id().brief() + ", which a run that crashed had left");
                    }
                } catch (IOException e) {
                    listener.warning("the snapshot " + info.id().brief() + ", which a run that crashed had left, cannot be removed: " + e.getMessage());
                }
            }
        }
        return removed;
    }

    /** A listing asks for a moment whether the lock is free, by taking it. */
    private static boolean locked(StateFile state) throws IOException {
        for (int attempt = 0; attempt < 5; attempt++) {
            if (state.lock()) {
                return true;
            }
            MountPoint.pause(50);
        }
        return false;
    }

    /** @return false if a program works with it */
    private boolean remove(SnapshotId id, boolean keptToo) throws IOException {
        try (StateFile state = StateFile.open(folder, id)) {
            if (state == null) {
                return true;
            }
            if (!locked(state)) {
                return !new Stat().exists(Open.AT_FDCWD, RawPath.join(folder, RawString.encode(id.hex())));
            }
            if (!keptToo && state.get(StateFile.KEPT) != null) {
                return false;
            }
            Method method = Method.of(state.text(StateFile.METHOD));
            if (method != null && method != Method.NONE) {
                driver(method).remove(state);
            }
            state.delete();
            return true;
        }
    }
}
