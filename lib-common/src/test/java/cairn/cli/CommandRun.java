package cairn.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs a command line in this process, as a shell would, and keeps what came out. */
public final class CommandRun {
    private final CommandContext.Builder context;
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Registry registry;

    private CommandRun(List<String> args) {
        context = CommandContext.builder().args(args).stdout(out).stderr(err).zone(() -> ZoneId.of("UTC"));
    }

    /** The words after {@code cairn}; without terminal, environment and input until they are given. */
    public static CommandRun of(String... args) {
        return new CommandRun(List.of(args));
    }

    public CommandRun env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    public CommandRun input(InputStream stream) {
        context.stdin(stream);
        return this;
    }

    public CommandRun stdin(byte[] bytes) {
        context.stdin(new ByteArrayInputStream(bytes));
        return this;
    }

    /** Sends standard output elsewhere; {@link Result#out()} is then empty. */
    public CommandRun stdout(OutputStream stream) {
        context.stdout(stream);
        return this;
    }

    public CommandRun cwd(byte[] path) {
        context.cwd(() -> path.clone());
        return this;
    }

    public CommandRun terminal(Terminal terminal) {
        context.terminal(terminal);
        return this;
    }

    public CommandRun interrupt(Interrupt interrupt) {
        context.interrupt(interrupt);
        return this;
    }

    public CommandRun clock(InstantSource clock) {
        context.clock(clock);
        return this;
    }

    public CommandRun zone(String id) {
        context.zone(() -> ZoneId.of(id));
        return this;
    }

    /** Uses these commands instead of those on the class path. */
    public CommandRun modules(CommandModule... modules) {
        registry = new Registry(List.of(modules));
        return this;
    }

    public Result run() {
        Registry commands = registry == null ? Registry.load() : registry;
        int status = new Dispatcher(commands).run(context.environment(environment).build());
        return new Result(status, out.toByteArray(), err.toByteArray());
    }

    /** What a run left. */
    public record Result(int status, byte[] outBytes, byte[] errBytes) {
        public String out() {
            return new String(outBytes, StandardCharsets.UTF_8);
        }

        public String err() {
            return new String(errBytes, StandardCharsets.UTF_8);
        }

        /** The lines on standard output. */
        public List<String> lines() {
            return out().lines().toList();
        }
    }
}
