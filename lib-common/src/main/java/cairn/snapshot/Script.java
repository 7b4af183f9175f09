package cairn.snapshot;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Child;
import cairn.posix.Child.Stream;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Stat;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A user's pair of scripts, called as UrBackup calls them.
 *
 * <pre>
 * CREATE ID MOUNT-POINT NAME PATH [CLIENT]             prints SNAPSHOT=/path; other lines are for the log
 * REMOVE ID SNAPSHOT NAME SNAPSHOT-OF-PATH MOUNT-POINT [CLIENT]
 * </pre>
 *
 * SNAPSHOT stands for the mount point; with {@code volumes_mounted_locally=0} for the path, which is then given as
 * mount point too. {@code SNAPSHOT=none} means that there is nothing to be frozen here. The removing script is never called
 * without a path: those that are in use look for a volume by it, and would find another one.
 */
final class Script implements Driver {
    private static final String REMOVE = "remove-command";
    private static final String SNAPSHOT = "script-snapshot";
    private static final String TARGET = "script-target";
    private static final String MOUNT = "script-mount";
    private static final String NAME = "script-name";
    private static final String CLIENT = "script-client";
    private static final byte[] ANSWER = RawString.encode("SNAPSHOT=");
    private static final byte[] NOTHING = RawString.encode("none");
    private static final int LONGEST_LINE = 1 << 16;

    private final Tools tools;
    private volatile Child running;

    Script(Tools tools) {
        this.tools = tools;
    }

    /** Says to a script that makes a snapshot that nobody wants it any more. */
    void interrupt() {
        Child child = running;
        if (child != null) {
            child.signalGroup(15);
        }
    }

    static ScriptConfig config(SnapshotRequest request) throws IOException {
        ScriptConfig config = ScriptConfig.read(request.config(), request.client());
        if (config == null) {
            throw new CairnException(ExitCode.FAILED, "no script is configured: there is none of " + String.join(", ", ScriptConfig.PLACES),
                    "write one, see cairn-snapshot(7), or give --snapshot-config");
        }
        return config;
    }

    @Override
    public View create(StateFile state, Volume volume, SnapshotRequest request) throws IOException {
        ScriptConfig config = config(request);
        if (config.create() == null || config.remove() == null) {
            throw new CairnException(ExitCode.FAILED, "'" + config.place() + "' names no " + (config.create() == null ? "create" : "remove")
                    + "_filesystem_snapshot", null);
        }
        byte[] mount = volume.exists() && config.mountedLocally() ? volume.mount().point() : volume.path();
        byte[] last = RawPath.name(volume.path());
        byte[] name = request.name() != null ? request.name() : last.length == 0 ? RawString.encode("root") : last;
        state.put(REMOVE, config.remove());
        state.put(MOUNT, mount);
        state.put(NAME, name);
        List<byte[]> words = new ArrayList<>(List.of(RawString.encode(state.id().hex()), mount, name, volume.path()));
        if (request.client() != null) {
            state.put(CLIENT, request.client());
            words.add(request.client());
        }
        byte[] snapshot = call(state, config.create(), words);
        if (Arrays.equals(snapshot, NOTHING)) {
            return null;
        }
        if (snapshot == null || !RawPath.isAbsolute(snapshot)) {
            throw new CairnException(ExitCode.FAILED, "the script '" + RawString.printable(config.create())
                    + "' ended well, but printed no line SNAPSHOT=/path", null);
        }
        View view = new View(RawPath.normalise(snapshot), mount, true);
        state.put(TARGET, view.of(volume));
        new Stat().at(Open.AT_FDCWD, view.of(volume));
        return view;
    }

    /** Runs a script; its lines go to the log, and that with the answer to the state at once. */
    private byte[] call(StateFile state, byte[] command, List<byte[]> words) throws IOException {
        // as a line of sh, which is what UrBackup makes of it: a value may hold options
        byte[] rest = RawString.encode(" \"$@\" 2>&1");
        byte[] line = Arrays.copyOf(command, command.length + rest.length);
        System.arraycopy(rest, 0, line, command.length, rest.length);
        Child child;
        try {
            child = Child.shell(line, words.toArray(byte[][]::new)).environment(tools.environment()).alsoIn("/usr/sbin:/sbin").ownGroup()
                    .stdin(Stream.NULL).stdout(Stream.PIPE).stderr(Stream.STDOUT).start();
        } catch (PosixException e) {
            throw new CairnException(ExitCode.FAILED, "cannot run the script '" + RawString.printable(command) + "': " + e.reason(), null, e);
        }
        running = child;
        byte[] answer = null;
        String last = "";
        try (InputStream out = new BufferedInputStream(child.stdout())) {
            for (byte[] read = line(out); read != null; read = line(out)) {
                if (read.length > ANSWER.length && Arrays.equals(read, 0, ANSWER.length, ANSWER, 0, ANSWER.length)) {
                    answer = Arrays.copyOfRange(read, ANSWER.length, read.length);
                    if (!Arrays.equals(answer, NOTHING)) {
                        state.put(SNAPSHOT, answer);
                    }
                } else if (read.length > 0) {
                    last = RawString.printable(read);
                    tools.listener().log(last);
                }
            }
        }
        Child.Ended ended = child.waitFor();
        running = null;
        if (!ended.good()) {
            throw new CairnException(ExitCode.FAILED, "the script '" + RawString.printable(command) + "' " + ended.meaning()
                    + (last.isEmpty() ? "" : ": " + last), null);
        }
        return answer;
    }

    private static byte[] line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int c = in.read();
        if (c < 0) {
            return null;
        }
        for (; c >= 0 && c != '\n'; c = in.read()) {
            if (line.size() < LONGEST_LINE) {
                line.write(c);
            }
        }
        return line.toByteArray();
    }

    @Override
    public void remove(StateFile state) throws IOException {
        byte[] command = state.get(REMOVE);
        byte[] snapshot = state.get(SNAPSHOT);
        if (command == null || snapshot == null || state.get(DONE) != null) {
            return;
        }
        byte[] target = state.get(TARGET) == null ? snapshot : state.get(TARGET);
        List<byte[]> words = new ArrayList<>(List.of(RawString.encode(state.id().hex()), snapshot, state.get(NAME), target, state.get(MOUNT)));
        if (state.get(CLIENT) != null) {
            words.add(state.get(CLIENT));
        }
        call(state, command, words);
        state.put(DONE, "1");
    }

    private static final String DONE = "script-removed";
}
