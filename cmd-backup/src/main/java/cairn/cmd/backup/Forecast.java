package cairn.cmd.backup;

import cairn.posix.PosixException;
import cairn.posix.Stat;
import cairn.walk.Directory;
import cairn.walk.LeftOut;
import cairn.walk.Sources;
import cairn.walk.Visitor;
import cairn.walk.Walk;
import cairn.walk.WalkOptions;
import java.io.IOException;

/** Finds out how much there is to save, by a walk of its own beside the backup, so that progress can say how long it takes. */
final class Forecast implements Visitor, AutoCloseable {
    private volatile boolean stopped;
    private volatile boolean known;
    private long bytes;
    private long entries;

    /** Ends the walk: the backup was faster. */
    private static final class StoppedException extends IOException {
        private static final long serialVersionUID = 1;
    }

    private Forecast() {
    }

    /** @param wanted whether anybody will see it; if not, nothing is done */
    static Forecast start(boolean wanted, Sources sources, WalkOptions walk) {
        Forecast forecast = new Forecast();
        if (wanted) {
            Thread.ofPlatform().daemon().name("forecast").start(() -> forecast.run(sources, walk));
        }
        return forecast;
    }

    /** Only how many entries there are. */
    static Forecast known(long entries) {
        Forecast forecast = new Forecast();
        forecast.entries = entries;
        forecast.bytes = -1;
        forecast.known = true;
        return forecast;
    }

    private void run(Sources sources, WalkOptions walk) {
        try {
            Walk.run(sources, walk, this);
            known = true;
        } catch (IOException e) {
            // stopped, or the source cannot be walked, which the backup itself tells: no forecast then
        }
    }

    /** Bytes in all, or -1 while that is not known. */
    long bytes() {
        return known ? bytes : -1;
    }

    /** Entries in all, or -1 while that is not known. */
    long entries() {
        return known ? entries : -1;
    }

    @Override
    public void enterDirectory(Directory directory) throws IOException {
        if (stopped) {
            throw new StoppedException();
        }
        entries++;
    }

    @Override
    public void entry(Directory directory, byte[] name, Stat stat) {
        entries++;
        bytes += stat.isRegular() ? stat.size() : 0;
    }

    @Override
    public void leaveDirectory(Directory directory) {
        // counted when it was entered
    }

    @Override
    public void leftOut(byte[] path, LeftOut reason, String detail) {
        // the backup itself tells
    }

    @Override
    public void problem(byte[] path, PosixException error) {
        // the backup itself tells
    }

    @Override
    public void close() {
        stopped = true;
    }
}
