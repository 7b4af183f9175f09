package cairn.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The world as a command sees it: arguments, streams, environment, terminal, clock. Strings that come from outside
 * (arguments, environment) hold raw bytes in the form of {@link cairn.posix.RawString}; encode them before they are
 * used as names.
 */
public final class CommandContext {
    private final List<String> args;
    private final InputStream stdin;
    private final Stdout stdout;
    private final OutputStream stderr;
    private final Map<String, String> environment;
    private final Supplier<byte[]> cwd;
    private final Terminal terminal;
    private final Interrupt interrupt;
    private final InstantSource clock;
    private final Supplier<ZoneId> zone;

    private CommandContext(Builder builder) {
        this.args = List.copyOf(builder.args);
        this.stdin = builder.stdin;
        this.stdout = new Stdout(builder.stdout);
        this.stderr = builder.stderr;
        this.environment = Map.copyOf(builder.environment);
        this.cwd = builder.cwd;
        this.terminal = builder.terminal;
        this.interrupt = builder.interrupt;
        this.clock = builder.clock;
        this.zone = builder.zone;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** All arguments after {@code cairn}, as they were given. */
    public List<String> args() {
        return args;
    }

    /**
     * What stands after the first {@code --}, or null if there is none: the words of a command that is to be run.
     */
    public List<String> afterDoubleDash() {
        int dash = args.indexOf("--");
        return dash < 0 ? null : args.subList(dash + 1, args.size());
    }

    public InputStream stdin() {
        return stdin;
    }

    /** Raw and buffered; flushed when the command ends. Failures to write end the command by themselves. */
    public Stdout stdout() {
        return stdout;
    }

    /** Raw and unbuffered; prefer {@link Output#warning} and its neighbours. */
    public OutputStream stderr() {
        return stderr;
    }

    public Map<String, String> environment() {
        return environment;
    }

    /** A variable's value, or null if it is not set or empty. */
    public String env(String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** The absolute path of the current folder. */
    public byte[] cwd() throws IOException {
        byte[] path = cwd.get();
        if (path == null) throw new IOException("the current folder does not exist any more");
        return path.clone();
    }

    public Terminal terminal() {
        return terminal;
    }

    public Interrupt interrupt() {
        return interrupt;
    }

    public boolean interrupted() {
        return interrupt.raised();
    }

    public InstantSource clock() {
        return clock;
    }

    /** The zone of times on the screen. */
    public ZoneId zone() {
        return zone.get();
    }

    /** Defaults are those of a process without streams, terminal and environment. */
    public static final class Builder {
        private List<String> args = List.of();
        private InputStream stdin = InputStream.nullInputStream();
        private OutputStream stdout = OutputStream.nullOutputStream();
        private OutputStream stderr = OutputStream.nullOutputStream();
        private Map<String, String> environment = Map.of();
        private Supplier<byte[]> cwd = () -> null;
        private Terminal terminal = Terminal.NONE;
        private Interrupt interrupt = new Interrupt();
        private InstantSource clock = InstantSource.system();
        private Supplier<ZoneId> zone = ZoneId::systemDefault;

        private Builder() {}

        public Builder args(List<String> value) {
            args = Objects.requireNonNull(value);
            return this;
        }

        public Builder stdin(InputStream value) {
            stdin = Objects.requireNonNull(value);
            return this;
        }

        public Builder stdout(OutputStream value) {
            stdout = Objects.requireNonNull(value);
            return this;
        }

        public Builder stderr(OutputStream value) {
            stderr = Objects.requireNonNull(value);
            return this;
        }

        public Builder environment(Map<String, String> value) {
            environment = Objects.requireNonNull(value);
            return this;
        }

        /** @param value gives the absolute path, or null if the folder is gone */
        public Builder cwd(Supplier<byte[]> value) {
            cwd = Objects.requireNonNull(value);
            return this;
        }

        public Builder terminal(Terminal value) {
            terminal = Objects.requireNonNull(value);
            return this;
        }

        public Builder interrupt(Interrupt value) {
            interrupt = Objects.requireNonNull(value);
            return this;
        }

        public Builder clock(InstantSource value) {
            clock = Objects.requireNonNull(value);
            return this;
        }

        public Builder zone(Supplier<ZoneId> value) {
            zone = Objects.requireNonNull(value);
            return this;
        }

        public CommandContext build() {
            return new CommandContext(this);
        }
    }
}
