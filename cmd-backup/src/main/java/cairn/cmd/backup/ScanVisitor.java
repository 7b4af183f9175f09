package cairn.cmd.backup;

import cairn.archive.ChangeWalk;
import cairn.cli.Output;
import cairn.cli.Text;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import cairn.scan.ScanWriter;
import cairn.tree.Entry;
import cairn.walk.Directory;
import cairn.walk.LeftOut;
import cairn.walk.Unsaved;
import cairn.walk.Visitor;
import java.io.IOException;

/** Makes lines of a walk, of all of it or of what changed, and messages of what has none. */
final class ScanVisitor implements Visitor, ChangeWalk.Listener {
    private final Output out;
    private final ScanWriter writer;

    ScanVisitor(Output out, ScanWriter writer) {
        this.out = out;
        this.writer = writer;
    }

    @Override
    public void enterDirectory(Directory directory) throws IOException {
        if (!directory.isOnTheWay()) {
            changedDirectory(directory);
        }
    }

    @Override
    public void entry(Directory directory, byte[] name, Stat stat) throws IOException {
        changed(directory, name, stat);
    }

    @Override
    public void leaveDirectory(Directory directory) {
        // all was said when it was entered
    }

    @Override
    public void changedDirectory(Directory directory) throws IOException {
        writer.directory(directory, directory.parent() == null || directory.parent().isOnTheWay());
    }

    @Override
    public void changed(Directory directory, byte[] name, Stat stat) throws IOException {
        writer.entry(directory, name, stat, directory.isOnTheWay());
    }

    @Override
    public void gone(byte[] path, Entry older) throws IOException {
        writer.gone(path, older.type().modeBits());
    }

    @Override
    public void leftOut(byte[] path, LeftOut reason, String detail) {
        if (reason != LeftOut.EXCLUDED) {
            out.detail("left out '" + Text.printable(path) + "': " + (detail == null ? reason.meaning() : reason.meaning() + ": " + detail));
        }
    }

    @Override
    public void told(byte[] path, String message) throws IOException {
        writer.problem(path, message);
        out.warning("'" + Text.printable(path) + "': " + message);
    }

    @Override
    public void problem(byte[] path, PosixException error) throws IOException {
        String message = Unsaved.why(error);
        told(path, message);
    }
}
