package cairn.walk;

import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Stat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Writes down a walk below a base: {@code "a/"} a directory is entered, {@code "a/f"} an entry, {@code "a/b !LOOP"} left
 * out, {@code "a/c ?2"} a problem by its number. It checks by itself what always holds: the nesting, and that every
 * directory's handle is open and is that directory in the calls about it.
 */
class Recorder implements Visitor {
    final List<String> lines = new ArrayList<>();
    final List<String> details = new ArrayList<>();
    private final byte[] base;
    private final Deque<Directory> open = new ArrayDeque<>();
    private final Stat check = new Stat();

    Recorder(byte[] base) {
        this.base = base;
    }

    static Recorder walk(byte[] base, WalkOptions options, byte[]... sources) throws IOException {
        Sources all = new Sources();
        for (byte[] source : sources) {
            all.add(source);
        }
        Recorder recorder = new Recorder(base);
        Walk.run(all, options, recorder);
        recorder.finish();
        return recorder;
    }

    void finish() {
        if (!open.isEmpty()) {
            throw new AssertionError("not left: " + open);
        }
    }

    private void add(byte[] path, String tail) {
        if (!RawPath.isWithin(path, base)) {
            return;
        }
        int cut = Math.min(path.length, base.length == 1 ? 1 : base.length + 1);
        lines.add(new String(path, cut, path.length - cut, StandardCharsets.ISO_8859_1) + tail);
    }

    private void check(Directory directory) throws IOException {
        if (!check.of(directory.fd()).sameFile(directory.stat())) {
            throw new AssertionError("another directory");
        }
    }

    @Override
    public void enterDirectory(Directory directory) throws IOException {
        if (directory.parent() != open.peek()) {
            throw new AssertionError("nesting");
        }
        open.push(directory);
        check(directory);
        add(directory.path(), "/");
    }

    @Override
    public void entry(Directory directory, byte[] name, Stat stat) throws IOException {
        if (directory != open.peek() || stat.isDirectory()) {
            throw new AssertionError("nesting");
        }
        check(directory);
        add(directory.path(name), "");
    }

    @Override
    public void leaveDirectory(Directory directory) throws IOException {
        if (open.pop() != directory) {
            throw new AssertionError("nesting");
        }
        if (directory.fd() >= 0) {
            check(directory);
        }
    }

    @Override
    public void leftOut(byte[] path, LeftOut reason, String detail) {
        add(path, " !" + reason);
        details.add(detail);
    }

    @Override
    public void problem(byte[] path, PosixException error) {
        add(path, " ?" + error.errno());
    }
}
