package cairn.producer;

import cairn.archive.Intake;
import cairn.archive.IntakeRun;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Child;
import cairn.posix.Sys;
import cairn.tar.TarException;
import cairn.tree.Attributes;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Saves streams, one after the other, each as a file, or as the members of the archive that it is. If a command fails, or a stream is not as it
 * should be, there is no backup of any of them.
 */
public final class StreamFeed implements IntakeRun.Feed {
    /** Dumps hold secrets: only their owner reads them. */
    private static final int MODE = 0600;

    private final List<StreamSource> sources;
    private final Expectation expected;
    private final InputStream stdin;
    private final StreamListener listener;
    private final BooleanSupplier cancelled;
    private CommandRun running;

    /** @param stdin for a source without a command @param expected of each stream */
    public StreamFeed(List<StreamSource> sources, Expectation expected, InputStream stdin, StreamListener listener, BooleanSupplier cancelled) {
        this.sources = List.copyOf(sources);
        this.expected = expected;
        this.stdin = stdin;
        this.listener = listener;
        this.cancelled = cancelled;
    }

    /** Ends the command that is running, if one is; by another thread. */
    public synchronized void stop() {
        if (running != null) {
            running.stop();
        }
    }

    private synchronized void running(CommandRun run) {
        running = run;
        if (run != null && cancelled.getAsBoolean()) {
            run.stop();
        }
    }

    @Override
    public void feed(Intake intake) throws IOException {
        Instant now = Instant.now();
        long uid = Sys.euid() & 0xFFFFFFFFL;
        long gid = Sys.egid() & 0xFFFFFFFFL;
        intake.implied(attributes(0755, uid, gid, now));
        intake.namesOfThisMachine(uid, gid);
        for (StreamSource source : sources) {
            if (source.command() == null) {
                StreamCheck check = new StreamCheck(new WaitingInput(stdin, cancelled));
                try {
                    take(intake, source, check, uid, gid);
                } catch (TarException e) {
                    throw cancelled.getAsBoolean() ? Intake.interrupted() : e;
                }
                listener.ended(source, check.total(), 0);
                check.require(expected, source.path());
            } else {
                run(intake, source, uid, gid);
            }
        }
    }

    private void run(Intake intake, StreamSource source, long uid, long gid) throws IOException {
        try (CommandRun run = CommandRun.producer(source.command(), listener::said)) {
            running(run);
            StreamCheck check = new StreamCheck(run.stdout());
            try {
                take(intake, source, check, uid, gid);
            } catch (TarException e) {
                if (e.endedEarly()) {
                    judge(source, run, check); // if the command failed, that is why
                    listener.ended(source, check.total(), 0);
                }
                throw cancelled.getAsBoolean() ? Intake.interrupted() : e;
            }
            judge(source, run, check);
            listener.ended(source, check.total(), 0);
            check.require(expected, source.path());
            if (check.total() == 0) {
                listener.warning("'" + run.shown() + "' wrote nothing: the stream that was saved is empty");
            }
        } finally {
            running(null);
        }
    }

    private void judge(StreamSource source, CommandRun run, StreamCheck check) throws IOException {
        Child.Ended ended = run.waitFor();
        if (cancelled.getAsBoolean()) {
            throw Intake.interrupted();
        }
        if (!ended.good()) {
            listener.ended(source, check.total(), ended.status());
            throw new CairnException(ExitCode.PRODUCER_FAILED, "'" + run.shown() + "' " + ended.meaning() + ": no backup was made",
                    "what it says stands above, if anything; what was stored is used by the next run");
        }
    }

    private void take(Intake intake, StreamSource source, InputStream in, long uid, long gid) throws IOException {
        if (source.tar()) {
            intake.directory(source.path(), attributes(0755, uid, gid, Instant.now()), null);
            new TarIntake(intake, source.path(), listener).take(in);
            return;
        }
        Intake.FileContent file = intake.file(source.path(), attributes(MODE, uid, gid, Instant.now()), null);
        file.data(in);
        file.end();
    }

    private static Attributes attributes(int mode, long uid, long gid, Instant time) {
        return new Attributes(mode, uid, gid, time.getEpochSecond(), time.getNano(), null, List.of(), 0, 0);
    }
}
