package cairn.cli;

import cairn.posix.RawString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Supplier;

/**
 * Where a command's results, messages and progress go. Results are {@link Event}s on stdout: text, or with
 * {@code --json} one object a line. Messages are lines on stderr, with {@code --json} objects too. May be used by
 * several threads.
 */
public final class Output {
    private final CommandContext context;
    private final OutputOptions options;
    private final JsonWriter json;
    private final Line line;
    private ProgressLine progress;

    Output(CommandContext context, OutputOptions options, boolean nullTerminated) {
        this.context = context;
        this.options = options;
        this.json = options.json() ? new JsonWriter(context.stdout(), context::zone) : null;
        this.line = new Line(context.stdout(), context.terminal().stdout() && !nullTerminated,
                nullTerminated ? 0 : '\n', context::zone);
    }

    /** Whether results are JSON; for commands that can save work for one of the forms. */
    public boolean json() {
        return options.json();
    }

    public boolean quiet() {
        return options.quiet();
    }

    /** How often {@code -v} was given. */
    public int verbosity() {
        return options.verbosity();
    }

    /** Prints a result. */
    public synchronized void emit(Event event) throws IOException {
        if (progress != null) progress.clear();
        if (json != null) {
            json.beginObject().field("type", event.type());
            event.json(json);
            json.endObject().endLine();
        } else {
            event.text(line);
            line.endIfOpen();
        }
        if (progress != null && context.terminal().stdout()) context.stdout().flush();
    }

    /**
     * Prints what a command did; silenced by {@code -q}, because cron mails whatever is printed, but not in JSON.
     *
     * @param dryRun whether it only says what it would do: that is a result, and printed
     */
    public void done(Event event, boolean dryRun) throws IOException {
        if (!options.quiet() || json != null || dryRun) emit(event);
    }

    /** Says something that a person may want to know; silenced by {@code -q}. */
    public void message(String text) {
        if (!options.quiet()) say("message", text);
    }

    /** Says something only under {@code -v}. */
    public void detail(String text) {
        if (options.verbosity() > 0) say("message", text);
    }

    /** Says that something is not as it should be; never silenced. */
    public void warning(String text) {
        say("warning", text);
    }

    /** Passes on a line that another program said; never silenced. */
    public void relayed(String line) {
        say("output", line);
    }

    /** Says what failed without ending the command, as a warning. */
    public void warning(IOException failure) {
        say("warning", Errors.reason(failure));
    }

    /** Whether progress will be shown: for commands that only then find out how much there is to do. */
    public boolean showsProgress() {
        return options.progress() && context.terminal().stderr();
    }

    /**
     * Shows progress on stderr until the handle is closed, if stderr is a terminal and nothing forbids it.
     *
     * @param state asked at most ten times a second, by another thread
     */
    public synchronized ProgressLine progress(Supplier<ProgressState> state) {
        progress = showsProgress() ? ProgressLine.start(this, context, state) : ProgressLine.NONE;
        return progress;
    }

    synchronized void say(String type, String text) {
        if (progress != null) progress.clear();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (options.json()) {
                new JsonWriter(bytes, context::zone).beginObject().field("type", type).field("message", text).endObject().endLine();
            } else {
                String prefix = switch (type) {
                    case "warning" -> "cairn: warning: ";
                    case "output" -> "";
                    default -> "cairn: ";
                };
                bytes.write(RawString.encode(prefix + Text.oneLine(text) + "\n"));
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail", e);
        }
        writeStderr(bytes.toByteArray());
    }

    /** A lost stderr must not end a backup: there is nobody left to tell. */
    void writeStderr(byte[] bytes) {
        OutputStream stderr = context.stderr();
        try {
            stderr.write(bytes);
            stderr.flush();
        } catch (IOException ignored) {
            return;
        }
    }
}
