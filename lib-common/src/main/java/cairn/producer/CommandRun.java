package cairn.producer;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Child;
import cairn.posix.Child.Stream;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A command that runs for a backup or a restore, in a session of its own, so that all that it starts can be ended with it. What
 * it says on standard error is passed on line by line. Closing one that was not waited for ends it.
 */
public final class CommandRun implements AutoCloseable {
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;
    /** How long a command that was asked to end may take to put its things in order, before it is killed. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int LONGEST_LINE = 8192;

    private final Command command;
    private final Child child;
    private final Thread relay;
    private final CountDownLatch gone = new CountDownLatch(1);
    private Child.Ended ended;
    private boolean asked;

    private CommandRun(Command command, Child child, Consumer<String> said) {
        this.command = command;
        this.child = child;
        this.relay = Thread.ofPlatform().daemon().name("stderr").start(() -> relay(child.stderr(), said));
    }

    /** Starts one whose output is read. @param said takes the lines of its standard error */
    public static CommandRun producer(Command command, Consumer<String> said) throws CairnException {
        return start(command, said, Stream.INHERIT, Stream.PIPE);
    }

    /** Starts one that reads what is written to it; its output goes where that of this process goes. */
    public static CommandRun consumer(Command command, Consumer<String> said) throws CairnException {
        return start(command, said, Stream.PIPE, Stream.INHERIT);
    }

    private static CommandRun start(Command command, Consumer<String> said, Stream in, Stream out) throws CairnException {
        try {
            return new CommandRun(command, Child.of(command.words()).stdin(in).stdout(out).stderr(Stream.PIPE).ownSession().start(), said);
        } catch (PosixException e) {
            throw new CairnException(ExitCode.PRODUCER_FAILED, "cannot run '" + RawString.printable(command.words().getFirst()) + "': "
                    + (e.isNotFound() ? "there is no such program" : e.reason()), null, e);
        }
    }

    public InputStream stdout() {
        return child.stdout();
    }

    public OutputStream stdin() {
        return child.stdin();
    }

    public String shown() {
        return command.shown();
    }

    /** Waits for its end, also of one that closed its output long before. */
    public Child.Ended waitFor() throws IOException {
        Child.Ended how = child.waitFor();
        synchronized (this) {
            ended = how;
        }
        gone.countDown();
        try {
            relay.join(PATIENCE); // what it left running may hold its standard error open
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return how;
    }

    /** Asks it and all in its group to end, and kills what is left a little later. Does not wait; any thread may call it. */
    public synchronized void stop() {
        if (ended != null || asked) {
            return;
        }
        asked = true;
        child.signalGroup(SIGTERM);
        Thread.ofPlatform().daemon().name("killer").start(this::killIfItStays);
    }

    /**
     * Nothing tells when a group is empty, so that only time can decide. Once the command itself has been waited for its
     * number is no longer its own, and {@link Child#signalGroup} sends nothing: there is nothing to wait for then.
     */
    private void killIfItStays() {
        try {
            if (!gone.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                child.signalGroup(SIGKILL);
            }
        } catch (InterruptedException e) {
            // nobody interrupts this thread: it goes with the program
        }
    }

    /** Lines, also such as only end in a carriage return, and overlong ones in pieces. */
    private static void relay(InputStream in, Consumer<String> said) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        try (in) {
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                for (int i = 0; i < got; i++) {
                    if (buffer[i] == '\n' || buffer[i] == '\r' || line.size() == LONGEST_LINE) {
                        tell(line, said);
                    }
                    if (buffer[i] != '\n' && buffer[i] != '\r') {
                        line.write(buffer[i]);
                    }
                }
            }
        } catch (IOException e) {
            line.writeBytes(RawString.encode(" (what it says cannot be read any more: " + e.getMessage() + ")"));
        }
        tell(line, said);
    }

    private static void tell(ByteArrayOutputStream line, Consumer<String> said) {
        if (line.size() > 0) {
            said.accept(RawString.decode(line.toByteArray()));
            line.reset();
        }
    }

    @Override
    public void close() throws IOException {
        boolean running;
        synchronized (this) {
            running = ended == null;
        }
        if (running) {
            stop();
        }
        if (child.stdout() != null) {
            child.stdout().close();
        }
        if (child.stdin() != null) {
            child.stdin().close();
        }
        if (running) {
            waitFor();
        }
    }
}
