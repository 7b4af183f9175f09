package cairn.snapshot;

import cairn.posix.RawString;
import java.io.IOException;
import java.time.Instant;

/**
 * A frozen view of a volume, or the live path in its place. As long as it is open no other program takes it for a
 * leftover.
 */
public final class Snapshot implements AutoCloseable {
    private final Method method;
    private final Driver driver;
    private final StateFile state;
    private final Volume volume;
    private final Driver.View view;
    private final byte[] path;
    private final Instant taken;

    Snapshot(Method method, Driver driver, StateFile state, Volume volume, Driver.View view, byte[] path, Instant taken) {
        this.method = method;
        this.driver = driver;
        this.state = state;
        this.volume = volume;
        this.view = view;
        this.path = path;
        this.taken = taken;
    }

    static Snapshot live(Volume volume) {
        return new Snapshot(Method.NONE, null, null, volume, null, volume.path(), null);
    }

    /** Whether it is no snapshot, but the live path. */
    public boolean isLive() {
        return state == null;
    }

    /** Null if it is live. */
    public SnapshotId id() {
        return state == null ? null : state.id();
    }

    public Method method() {
        return method;
    }

    /** What it is of. */
    public byte[] origin() {
        return volume.path();
    }

    /** Where that is found in it. */
    public byte[] path() {
        return path;
    }

    /** Where another path is found in it, or null if that lies on another volume. */
    public byte[] pathOf(Volume other) {
        if (isLive() || !other.exists() || other.dev() != volume.dev() || !view.shows(other)) {
            return null;
        }
        return view.of(other);
    }

    /** A moment before it was taken; null if it is live. */
    public Instant taken() {
        return taken;
    }

    /** Why what was read from it must not be relied on, or null. */
    public String defect() throws IOException {
        String defect = isLive() ? null : driver.defect(state);
        return defect == null ? null : noGood(volume.path(), defect);
    }

    static String noGood(byte[] origin, String defect) {
        return "the snapshot of '" + RawString.printable(origin) + "' is no good: " + defect;
    }

    /** Lets it stay until somebody removes it by its id. */
    public void keep() throws IOException {
        if (!isLive()) {
            state.put(StateFile.KEPT, "1");
        }
    }

    /** Removes it. What cannot be removed stays known, as a leftover. */
    public void remove() throws IOException {
        if (!isLive()) {
            driver.remove(state);
            state.delete();
        }
    }

    /** Does not remove it. */
    @Override
    public void close() {
        if (!isLive()) {
            state.close();
        }
    }
}
