package cairn.cli;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawString;
import cairn.remote.Link;
import cairn.remote.LostException;
import cairn.remote.Throttle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A conversation with a process, by a shell command, over its standard input and output. What it says on standard error
 * is passed on line by line; the error that a cairn there ends with becomes the error of this side. The process does not
 * hear of Ctrl-C, so that this side can bring its work to a good end; it ends when its input does.
 */
public final class ProcessLink implements Link {
    private static final int LONGEST_LINE = 4096;
    private static final long PATIENCE_SECONDS = 5;

    private final Process process;
    private final String location;
    private final Consumer<String> says;
    private final Diagnosis diagnosis;
    private final Thread errors;
    private final Deque<String> held = new ArrayDeque<>();
    private final InputStream in;
    private final OutputStream out;
    private boolean closed;
    private volatile boolean left;
    private boolean strict;
    private String remedy;
    private IOException why;

    /** What a process that failed means. */
    public interface Diagnosis {
        /** @return null if it is nothing special */
        CairnException of(int status);
    }

    private ProcessLink(Process process, String location, Consumer<String> says, Diagnosis diagnosis, Throttle throttle) {
        this.process = process;
        this.location = location;
        this.says = says;
        this.diagnosis = diagnosis;
        in = throttle.over(process.getInputStream());
        out = throttle.over(process.getOutputStream());
        errors = Thread.ofPlatform().daemon().name("errors of " + location).start(this::passOn);
    }

    /** Makes it an error of {@link #close} if the process fails in the end. */
    public ProcessLink strict() {
        strict = true;
        return this;
    }

    /**
     * Starts a command.
     *
     * @param script raw bytes in the form of {@link RawString}
     * @param says     takes lines that it prints on standard error
     * @param throttle holds up what goes there and what comes from there
     */
    public static ProcessLink start(String script, String location, Consumer<String> says, Diagnosis diagnosis, Throttle throttle) throws IOException {
        Process process = new ProcessBuilder("/bin/sh", "-c", ShellScript.ascii("trap '' INT; " + script)).start();
        return new ProcessLink(process, location, says, diagnosis, throttle);
    }

    private void passOn() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (InputStream in = process.getErrorStream()) {
            byte[] buffer = new byte[4096];
            for (int count; (count = in.read(buffer)) > 0;) {
                for (int i = 0; i < count; i++) {
                    if (buffer[i] != '\n' && line.size() < LONGEST_LINE) {
                        line.write(buffer[i]);
                    } else {
                        said(line);
                    }
                }
            }
        } catch (IOException ended) {
            // with the process
        }
        if (line.size() > 0) said(line);
    }

    private void said(ByteArrayOutputStream line) {
        String text = RawString.decode(line.toByteArray()).stripTrailing();
        line.reset();
        if (text.isEmpty() || left) return;
        boolean last = text.startsWith("cairn: ") && !text.startsWith("cairn: warning: ");
        synchronized (held) {
            if (last || text.startsWith("try: ") && held.size() == 1) {
                if (last) letGo();
                held.add(text);
                return;
            }
            letGo();
        }
        says.accept(text);
    }

    private void letGo() {
        while (!held.isEmpty()) says.accept(held.poll());
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public synchronized IOException lost(IOException cause) {
        if (why == null) why = explain(cause);
        return why;
    }

    private IOException explain(IOException cause) {
        if (!ends()) {
            return cause != null ? cause : new CairnException(ExitCode.FAILED, "'" + location + "' does not talk any more", "try again");
        }
        int status = process.exitValue();
        CairnException special = diagnosis.of(status);
        if (special != null) return special;
        String told = told();
        if (told != null) return new CairnException(code(status), told + " (said by '" + location + "')", remedy, cause);
        if (status == 0 && cause instanceof CairnException) return cause;
        return new LostException(code(status), "the connection to '" + location + "' ended"
                + (status == 0 ? "" : " with status " + status), "try again; what arrived whole is kept", cause);
    }

    /** The error that cairn there ended with, or null. */
    private String told() {
        synchronized (held) {
            if (held.isEmpty()) return null;
            String message = held.poll().substring("cairn: ".length());
            remedy = held.isEmpty() ? null : held.poll().substring("try: ".length());
            return message;
        }
    }

    private static ExitCode code(int status) {
        for (ExitCode code : ExitCode.values()) {
            if (code.status() == status && code != ExitCode.DONE) return code;
        }
        return ExitCode.FAILED;
    }

    /** Whether the process ends, soon; all that it said is known then. */
    private boolean ends() {
        try {
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (ended) errors.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The process sees the end of its input, and ends: after the time of a round trip, which nobody waits for. */
    @Override
    public synchronized void leave() throws IOException {
        if (closed || strict) {
            close();
            return;
        }
        closed = true;
        synchronized (held) {
            letGo();
        }
        left = true;
        process.getOutputStream().close();
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) return;
        closed = true;
        try {
            process.getOutputStream().close();
        } catch (IOException ended) {
            // it has ended already, and does not read any more
        }
        if (!ends()) {
            process.destroy();
            if (!ends()) process.destroyForcibly();
            ends();
        }
        synchronized (held) {
            letGo();
        }
        if (strict && why == null && process.exitValue() != 0) {
            throw new CairnException(code(process.exitValue()), "'" + location + "' ended with status " + process.exitValue(),
                    "what it said stands above; what it had confirmed is kept");
        }
    }
}
