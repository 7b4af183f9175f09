package cairn.archive;

import cairn.archive.ArchiveOptions.Compared;
import cairn.archive.ChangeRule.FileSystemTraits;
import cairn.posix.FileSystem;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Stat;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.tree.Entry;
import cairn.walk.Directory;
import cairn.walk.LeftOut;
import cairn.walk.Visitor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Passes on of a walk only what a backup would read because it is not what it was at an earlier backup, by the same
 * rule; and tells what that backup had and is not there any more. What is excluded, could not be read or was not gone
 * into does not count as gone.
 */
public final class ChangeWalk implements Visitor {
    /** Hears of what changed. */
    public interface Listener {
        void changedDirectory(Directory directory) throws IOException;

        void changed(Directory directory, byte[] name, Stat stat) throws IOException;

        /** @param older as the earlier backup has it; of a folder, all in it is gone too */
        void gone(byte[] path, Entry older) throws IOException;

        void leftOut(byte[] path, LeftOut reason, String detail) throws IOException;

        void problem(byte[] path, PosixException error) throws IOException;
    }

    private record Frame(Directory directory, BaseBackup.Cursor cursor, FileSystemTraits traits) {
    }

    private final BaseBackup base;
    private final ChangeRule rule = new ChangeRule(EnumSet.allOf(Compared.class), false);
    private final Listener listener;
    private final Deque<Frame> stack = new ArrayDeque<>();
    private final Map<Long, FileSystemTraits> traits = new HashMap<>();

    public ChangeWalk(Repository repository, Backup since, Listener listener) {
        base = new BaseBackup(repository.trees(), since);
        this.listener = listener;
    }

    @Override
    public void enterDirectory(Directory directory) throws IOException {
        Stat stat = directory.stat();
        FileSystemTraits system = traits.get(stat.dev());
        if (system == null) {
            system = FileSystemTraits.of(FileSystem.of(directory.fd()).type());
            traits.put(stat.dev(), system);
        }
        long device = directory.recordedDev(stat.dev());
        BaseBackup.Match match = stack.isEmpty() ? base.root().find(directory.name()) : find(directory.name());
        BaseBackup.Cursor cursor = null;
        boolean same = false;
        if (match != null && match.entry() instanceof Entry.Directory older) {
            cursor = base.directory(older, match.stat());
            same = rule.unchanged(stat, device, older, match.stat(), base.clean(device), system);
        }
        stack.push(new Frame(directory, cursor, system));
        if (!same && !directory.isOnTheWay()) {
            listener.changedDirectory(directory);
        }
    }

    /** The entry of the base in the directory that the walk is in; those before it are gone. */
    private BaseBackup.Match find(byte[] name) throws IOException {
        Frame frame = stack.peek();
        return frame == null || frame.cursor == null ? null : frame.cursor.find(name, missed(frame));
    }

    private BaseBackup.Missed missed(Frame frame) {
        Directory directory = frame.directory;
        boolean known = !directory.isOnTheWay() && !directory.isIncomplete() && !directory.isPathOnly();
        return known ? older -> listener.gone(directory.path(older.name()), older) : null;
    }

    @Override
    public void entry(Directory directory, byte[] name, Stat stat) throws IOException {
        BaseBackup.Match match = find(name);
        long device = directory.recordedDev(stat.dev());
        if (match == null || !rule.unchanged(stat, device, match.entry(), match.stat(), base.clean(device), stack.peek().traits)) {
            listener.changed(directory, name, stat);
        }
    }

    @Override
    public void leaveDirectory(Directory directory) throws IOException {
        Frame frame = stack.peek();
        BaseBackup.Missed missed = missed(frame);
        if (frame.cursor != null && missed != null) {
            frame.cursor.rest(missed);
        }
        stack.pop();
    }

    @Override
    public void leftOut(byte[] path, LeftOut reason, String detail) throws IOException {
        passOver(path);
        listener.leftOut(path, reason, detail);
    }

    @Override
    public void problem(byte[] path, PosixException error) throws IOException {
        if (!error.isNotFound()) {
            passOver(path);
        }
        listener.problem(path, error);
    }

    /** What is told about an entry of the directory in hand, and not about that itself: it is not gone. */
    private void passOver(byte[] path) throws IOException {
        Frame frame = stack.peek();
        if (frame != null && path.length > 1 && Arrays.equals(RawPath.parent(path), frame.directory.path())) {
            find(RawPath.name(path));
        }
    }
}
