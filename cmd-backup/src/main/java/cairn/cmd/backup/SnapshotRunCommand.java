package cairn.cmd.backup;

import cairn.cli.Command;
import cairn.cli.Interrupt;
import cairn.cli.MapOptions;
import cairn.cli.PassedOn;
import cairn.cli.Text;
import cairn.cli.UsageException;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Child;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Stat;
import cairn.posix.Sys;
import cairn.snapshot.Snapshot;
import cairn.snapshot.SnapshotRequest;
import cairn.snapshot.Snapshots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn snapshot run}: runs a command with a snapshot, and removes it whatever happens. */
@CommandLine.Command(name = "run", description = {
    "Makes a snapshot, runs a command with its path in $SNAPSHOT, and removes it when the command has ended, however it did."
        + " What backup, scan and send save from under $SNAPSHOT in it is recorded under its original path.",
    "The exit status is that of the command, 128 and the number of the signal if one killed it. It is 1 if the snapshot could not"
        + " be made, overflowed meanwhile or could not be removed, 126 if the command cannot be run and 127 if there is none of its name."
        + " SIGINT, SIGTERM and SIGHUP are passed to the command."})
public final class SnapshotRunCommand extends Command {
    @Option(names = "--method", paramLabel = "METHOD", description = "auto (the default), btrfs, lvm, zfs, dattobd, script or none;"
            + " with ',required' behind it the command is not run if auto fails")
    private String method = "auto";

    @Mixin
    private SnapshotOptions options = new SnapshotOptions();

    @Parameters(arity = "1..*", paramLabel = "PATH -- COMMAND", description = "a file or folder on the volume; behind -- the command and its arguments")
    private List<String> words = new ArrayList<>();

    private Child child;
    private int pending;

    @Override
    protected ExitCode run() throws Exception {
        List<String> command = context().afterDoubleDash();
        if (command == null || command.isEmpty()) {
            throw new UsageException("no command given: cairn snapshot run PATH -- COMMAND...");
        }
        if (words.size() - command.size() != 1) {
            throw new UsageException("one path is wanted before --, not " + (words.size() - command.size()));
        }
        SnapshotRequest request = options.request(method);
        Snapshots snapshots = SnapshotOptions.snapshots(context(), out());
        Child.Ended ended;
        boolean removed;
        try (Interrupt.Guard guard = context().interrupt().takeOver(signal -> signalled(signal, snapshots))) {
            snapshots.removeStale();
            context().interrupt().check();
            try (Snapshot snapshot = snapshots.take(snapshots.volume(RawString.encode(words.getFirst()), request), request, true)) {
                String defect = null;
                ended = null;
                try {
                    context().interrupt().check();
                    ended = await(start(snapshot, command));
                    defect = defect(snapshot);
                } finally {
                    removed = remove(snapshot);
                }
                if (defect != null) {
                    throw new CairnException(ExitCode.FAILED, defect, "give it more room: --snapshot-size");
                }
            }
        }
        if (ended.signal() != 0 && !context().interrupted()) {
            out().message("'" + Text.oneLine(command.getFirst()) + "' " + ended.meaning());
        }
        throw new PassedOn(ended.good() && !removed ? ExitCode.FAILED.status() : ended.status());
    }

    private Child start(Snapshot snapshot, List<String> command) throws IOException, PassedOn {
        try {
            return Child.of(command.stream().map(RawString::encode).toList()).environment(environment(snapshot)).start();
        } catch (PosixException e) {
            out().warning("cannot run '" + Text.oneLine(command.getFirst()) + "': " + e.reason());
            throw new PassedOn(e.isNotFound() ? Child.NOT_FOUND : Child.CANNOT_RUN);
        }
    }

    private Child.Ended await(Child started) throws IOException {
        synchronized (this) {
            child = started;
            if (pending != 0) started.signal(pending);
        }
        return started.waitFor();
    }

    /** The terminal itself tells all that run in its foreground; told twice, a command would end at once. */
    private void signalled(int signal, Snapshots snapshots) {
        synchronized (this) {
            if (child == null && pending != 0) {
                snapshots.interrupt(); // the second one: a script hangs
            } else if (child == null) {
                pending = signal;
            } else if (signal == Interrupt.SIGTERM || !Sys.isForeground()) {
                child.signal(signal);
            }
        }
    }

    private Map<String, String> environment(Snapshot snapshot) throws IOException {
        Map<String, String> variables = new HashMap<>(context().environment());
        variables.put("SNAPSHOT", RawString.decode(snapshot.path()));
        if (snapshot.isLive()) {
            return variables;
        }
        if (context().env(MapOptions.FROM) != null) {
            out().warning("in here only the inner one of two snapshots stands for its original path");
        }
        boolean folder = new Stat().at(Open.AT_FDCWD, snapshot.path()).isDirectory();
        variables.put(MapOptions.FROM, RawString.decode(folder ? snapshot.path() : RawPath.parent(snapshot.path())));
        variables.put(MapOptions.TO, RawString.decode(folder ? snapshot.origin() : RawPath.parent(snapshot.origin())));
        variables.put(MapOptions.TIME, snapshot.taken().toString());
        return variables;
    }

    private static String defect(Snapshot snapshot) {
        try {
            return snapshot.defect();
        } catch (IOException e) {
            return "whether the snapshot of '" + RawString.printable(snapshot.origin()) + "' was good to the end cannot be found out: " + e.getMessage();
        }
    }

    private boolean remove(Snapshot snapshot) {
        try {
            snapshot.remove();
            return true;
        } catch (IOException e) {
            out().warning("the snapshot " + snapshot.id().brief() + " could not be removed, 'cairn snapshot list --stale' shows it: " + e.getMessage());
            return false;
        }
    }
}
