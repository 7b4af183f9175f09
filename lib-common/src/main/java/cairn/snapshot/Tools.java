package cairn.snapshot;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Child;
import cairn.posix.Child.Stream;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the tools of snapshots. Each gets a process group of its own, so that a Ctrl-C that is meant for the command in
 * front does not tear a volume manager out of its work.
 */
final class Tools {
    private static final String ROOT_TOOLS = "/usr/local/sbin:/usr/sbin:/sbin";
    private static final int LONGEST = 1 << 20;

    private final Map<String, String> environment;
    private final SnapshotListener listener;

    Tools(Map<String, String> environment, SnapshotListener listener) {
        this.environment = new HashMap<>(environment);
        this.environment.put("LC_ALL", "C");
        this.environment.put("LVM_SUPPRESS_FD_WARNINGS", "1");
        this.listener = listener;
    }

    /** What a tool gave. */
    record Result(Child.Ended ended, String out, String err) {
        boolean good() {
            return ended.good();
        }

        /** The last that it said, behind a colon; empty if it said nothing. */
        String lastLine() {
            String last = "";
            for (String line : (out + "\n" + err).lines().toList()) {
                last = line.isBlank() ? last : line.strip();
            }
            return last.isEmpty() ? "" : ": " + last;
        }
    }

    /** Runs a tool to its end. @return what it printed on stdout; bytes above 127 as those of ISO 8859-1 */
    String run(Object... words) throws IOException {
        Result result = attempt(words);
        if (!result.good()) {
            throw new CairnException(ExitCode.FAILED, "'" + text(words) + "' " + result.ended().meaning() + result.lastLine(), null);
        }
        return result.out();
    }

    /** As {@link #run}, but a failure is for the caller to judge. */
    Result attempt(Object... words) throws IOException {
        List<byte[]> raw = new ArrayList<>();
        for (Object word : words) {
            raw.add(word instanceof byte[] bytes ? bytes : RawString.encode((String) word));
        }
        Child child;
        try {
            child = Child.of(raw).environment(environment).alsoIn(ROOT_TOOLS).ownGroup().stdin(Stream.NULL).stdout(Stream.PIPE).stderr(Stream.PIPE).start();
        } catch (PosixException e) {
            throw new CairnException(ExitCode.FAILED, "cannot run '" + words[0] + "': " + e.reason(), "install it", e);
        }
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Thread reader = Thread.ofPlatform().daemon().name("stderr").start(() -> drain(child.stderr(), err));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        drain(child.stdout(), out);
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Result result = new Result(child.waitFor(), out.toString(StandardCharsets.ISO_8859_1), err.toString(StandardCharsets.ISO_8859_1));
        result.err().lines().filter(line -> !line.isBlank()).forEach(line -> listener.log(words[0] + ": " + line.strip()));
        return result;
    }

    private static void drain(InputStream from, ByteArrayOutputStream to) {
        byte[] buffer = new byte[8192];
        try (from) {
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                to.write(buffer, 0, Math.min(count, LONGEST - to.size()));
            }
        } catch (IOException e) {
            // a pipe that cannot be read any more has nothing to tell
        }
    }

    private static String text(Object... words) {
        StringBuilder text = new StringBuilder();
        for (Object word : words) {
            text.append(text.isEmpty() ? "" : " ").append(word instanceof byte[] bytes ? RawString.printable(bytes) : word);
        }
        return text.toString();
    }

    Map<String, String> environment() {
        return environment;
    }

    SnapshotListener listener() {
        return listener;
    }
}
