package cairn.archive;

import cairn.posix.RawString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keeps what backups say, so that a test can look at it: a path, a colon, a message. */
public class Heard implements ArchiveListener {
    public final List<String> problems = Collections.synchronizedList(new ArrayList<>());
    public final List<String> leftOut = Collections.synchronizedList(new ArrayList<>());
    public final List<String> notes = Collections.synchronizedList(new ArrayList<>());

    /** For sources of which all is saved: what is not ends the test. */
    public static Heard nothingAmiss() {
        return new Heard() {
            @Override
            public void problem(byte[] path, String message) {
                throw new AssertionError(line(path, message));
            }

            @Override
            public void leftOut(byte[] path, String reason) {
                throw new AssertionError(line(path, reason));
            }
        };
    }

    private static String line(byte[] path, String message) {
        return RawString.decode(path) + ": " + message;
    }

    @Override
    public void problem(byte[] path, String message) {
        problems.add(line(path, message));
    }

    @Override
    public void leftOut(byte[] path, String reason) {
        leftOut.add(line(path, reason));
    }

    @Override
    public void note(String message) {
        notes.add(message);
    }

    @Override
    public void reading(byte[] path) {
    }
}
