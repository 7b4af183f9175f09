package cairn.walk;

import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Stat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what the symlinks in a set of sources point to outside of it, what the symlinks there point to, and so on. A
 * walk before the walk: a target may lie before its link in tree order. A target counts by its real path; the symlinks
 * that lead on from the first one come along, so that the way stays whole. Nothing on special file systems is a target.
 */
final class OutsideTargets implements Visitor {
    private final List<byte[]> symlinks = new ArrayList<>();
    private final List<byte[]> otherFileSystems = new ArrayList<>();

    private OutsideTargets() {}

    /** The sources and all that they lead to; those given stay as they are. */
    static Sources add(Sources given, WalkOptions options) throws IOException {
        WalkOptions plain = options.withFollowOutside(false);
        Limits limits = new Limits(plain);
        Sources all = given.copy();
        Sources round = given;
        while (!round.isEmpty()) {
            OutsideTargets found = new OutsideTargets();
            Walk.run(round, plain, found);
            Sources more = new Sources(given.mappings());
            for (byte[] symlink : found.symlinks) {
                found.follow(symlink, limits, all, more);
            }
            round = more;
        }
        return all;
    }

    private void follow(byte[] symlink, Limits limits, Sources all, Sources more) throws IOException {
        RealPath real;
        try {
            real = RealPath.resolve(symlink, true);
            if (limits.isSpecial(real.stat()) || !isOutside(real.names(), all)) {
                return;
            }
        } catch (PosixException e) {
            // it points nowhere, or nowhere that can be reached: the link itself is all there is
            return;
        }
        all.add(real.names());
        more.add(real.names());
        for (List<byte[]> link : real.links()) {
            // passed on the way, not followed to all that lies behind it
            if (!all.covers(link)) {
                all.add(link);
            }
        }
    }

    private boolean isOutside(List<byte[]> names, Sources all) {
        if (!all.covers(names)) {
            return true;
        }
        byte[] path = RawPath.build(true, names.toArray(byte[][]::new));
        for (byte[] other : otherFileSystems) {
            if (RawPath.isWithin(path, other) && !all.isSource(names)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void enterDirectory(Directory directory) {}

    @Override
    public void entry(Directory directory, byte[] name, Stat stat) {
        if (stat.isSymlink()) {
            symlinks.add(directory.path(name));
        }
    }

    @Override
    public void leaveDirectory(Directory directory) {}

    @Override
    public void leftOut(byte[] path, LeftOut reason, String detail) {
        if (reason == LeftOut.OTHER_FILE_SYSTEM) {
            otherFileSystems.add(path);
        }
    }

    /** Told by the walk itself. */
    @Override
    public void problem(byte[] path, PosixException error) {}
}
