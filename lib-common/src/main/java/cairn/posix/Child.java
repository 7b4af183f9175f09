package cairn.posix;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Another program, run by this one. Its words and its environment are raw bytes: the JDK's own {@code ProcessBuilder}
 * sends them through the character set of the locale, which loses what is not part of it.
 *
 * <p>A program named without a slash is looked for in {@code PATH} of the environment that it gets. It inherits no
 * descriptor but 0, 1 and 2, and starts with no signal blocked. Whoever starts a child waits for it.
 */
public final class Child {
    /** What to connect a stream of the child to. */
    public enum Stream {
        /** The stream of this process. */
        INHERIT,
        /** {@code /dev/null}. */
        NULL,
        /** A pipe to this process: {@link Child#stdin}, {@link Child#stdout}, {@link Child#stderr}. */
        PIPE,
        /** Where the child's standard output goes; for standard error only. */
        STDOUT
    }

    /** How a child ended: {@code signal} is 0 if it was not killed by one. */
    public record Ended(int code, int signal) {
        public boolean good() {
            return code == 0 && signal == 0;
        }

        /** As a shell gives it: 128 and the signal if one killed it. */
        public int status() {
            return signal == 0 ? code : 128 + signal;
        }

        /** What to say of it after the program's name: "ended with status 3", "was killed by signal 9". */
        public String meaning() {
            return signal == 0 ? "ended with status " + code : "was killed by signal " + signal;
        }
    }

    /** As a shell gives the status of a program that is there but cannot be run, and of one that is not there. */
    public static final int CANNOT_RUN = 126;
    public static final int NOT_FOUND = 127;

    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    private final int pid;
    private final OutputStream stdin;
    private final InputStream stdout;
    private final InputStream stderr;
    private Ended ended;

    private Child(int pid, OutputStream stdin, InputStream stdout, InputStream stderr) {
        this.pid = pid;
        this.stdin = stdin;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /** @param words the program and its arguments, raw */
    public static Builder of(List<byte[]> words) {
        return new Builder(words);
    }

    /** A command line for {@code sh}; {@code args} become {@code $1}, {@code $2} and so on. */
    public static Builder shell(byte[] command, byte[]... args) {
        List<byte[]> words = new ArrayList<>(List.of(RawString.encode("/bin/sh"), RawString.encode("-c"), command, RawString.encode("sh")));
        words.addAll(Arrays.asList(args));
        return new Builder(words);
    }

    public int pid() {
        return pid;
    }

    /** The pipe to its standard input. A child that has ended or closed it is EPIPE. */
    public OutputStream stdin() {
        return stdin;
    }

    public InputStream stdout() {
        return stdout;
    }

    public InputStream stderr() {
        return stderr;
    }

    /** Waits until it has ended. A thread that waits cannot be interrupted: signal the child. */
    public Ended waitFor() throws PosixException {
        Spawn.awaitEnd(pid);
        synchronized (this) {
            // until here its number stays its own, so that a signal meant for it cannot meet another process
            if (ended == null) {
                int status = Spawn.reap(pid);
                ended = (status & 0x7F) == 0 ? new Ended(status >> 8 & 0xFF, 0) : new Ended(0, status & 0x7F);
            }
            return ended;
        }
    }

    /** Sends it a signal; nothing happens if it has ended. */
    public synchronized void signal(int number) {
        if (ended == null) {
            Spawn.kill(pid, number);
        }
    }

    /** Sends a signal to its process group; only for one that got its own. */
    public synchronized void signalGroup(int number) {
        if (ended == null) {
            Spawn.kill(-pid, number);
        }
    }

    /** What to start, and how. */
    public static final class Builder {
        private final List<byte[]> words;
        private Map<String, String> environment;
        private Stream in = Stream.INHERIT;
        private Stream out = Stream.INHERIT;
        private Stream err = Stream.INHERIT;
        private Spawn.Apart apart = Spawn.Apart.NO;
        private String alsoIn = "";

        private Builder(List<byte[]> words) {
            if (words.isEmpty()) {
                throw new IllegalArgumentException("no program");
            }
            this.words = List.copyOf(words);
        }

        /** The whole environment, in the form of {@link RawString}; else that of this process. */
        public Builder environment(Map<String, String> variables) {
            environment = variables;
            return this;
        }

        public Builder stdin(Stream stream) {
            in = stream;
            return this;
        }

        public Builder stdout(Stream stream) {
            out = stream;
            return this;
        }

        public Builder stderr(Stream stream) {
            err = stream;
            return this;
        }

        /** In a process group of its own: signals from the terminal do not reach it. */
        public Builder ownGroup() {
            apart = Spawn.Apart.GROUP;
            return this;
        }

        /**
         * In a session, and so a process group, of its own: it has no terminal. What asks for a password there fails at once
         * instead of being stopped for ever.
         */
        public Builder ownSession() {
            apart = Spawn.Apart.SESSION;
            return this;
        }

        /** Folders to look in after those of PATH, joined by colons: tools of root stand where cron does not look. */
        public Builder alsoIn(String folders) {
            alsoIn = folders;
            return this;
        }

        /** @throws PosixException ENOENT if there is no such program, EACCES if it may not be run */
        public Child start() throws PosixException {
            List<byte[]> variables = environment == null ? Spawn.ownEnvironment() : variables(environment);
            int[] pipes = new int[6];
            Arrays.fill(pipes, -1);
            boolean started = false;
            try {
                open(pipes, 0, in);
                open(pipes, 1, out);
                open(pipes, 2, err);
                int pid = start(variables, pipes);
                started = true;
                return new Child(pid, in == Stream.PIPE ? new FdOutputStream(pipes[1]) : null,
                        out == Stream.PIPE ? new FdInputStream(pipes[2]) : null, err == Stream.PIPE ? new FdInputStream(pipes[4]) : null);
            } finally {
                int[] childs = {pipes[0], pipes[3], pipes[5]};
                int[] ours = {pipes[1], pipes[2], pipes[4]};
                close(childs);
                if (!started) {
                    close(ours);
                }
            }
        }

        /** Pairs of read end and write end for the streams 0, 1 and 2. */
        private static void open(int[] pipes, int stream, Stream kind) throws PosixException {
            if (kind == Stream.PIPE) {
                int[] pair = Spawn.pipe();
                pipes[2 * stream] = pair[0];
                pipes[2 * stream + 1] = pair[1];
            }
        }

        private static void close(int[] fds) {
            for (int fd : fds) {
                if (fd >= 0) {
                    Open.close(fd);
                }
            }
        }

        private int start(List<byte[]> variables, int[] pipes) throws PosixException {
            int[] fds = {fd(in, pipes[0], 0), fd(out, pipes[3], 1), fd(err, pipes[5], 2)};
            byte[] program = words.getFirst();
            PosixException denied = null;
            for (byte[] path : candidates(program, variables)) {
                try {
                    return Spawn.start(path, words, variables, fds, apart);
                } catch (PosixException e) {
                    if (!e.isNotFound() && !e.isDenied()) {
                        throw e.on(program);
                    }
                    denied = e.isDenied() ? e : denied;
                }
            }
            throw new PosixException("run", program, denied != null ? denied.errno() : Errno.ENOENT);
        }

        private static int fd(Stream kind, int pipe, int inherited) {
            return switch (kind) {
                case INHERIT -> inherited;
                case NULL -> Spawn.DEV_NULL;
                case PIPE -> pipe;
                case STDOUT -> Spawn.LIKE_STDOUT;
            };
        }

        private List<byte[]> candidates(byte[] program, List<byte[]> variables) {
            for (byte b : program) {
                if (b == '/') {
                    return List.of(program);
                }
            }
            String folders = DEFAULT_PATH;
            for (byte[] variable : variables) {
                if (variable.length > 5 && new String(variable, 0, 5, StandardCharsets.ISO_8859_1).equals("PATH=")) {
                    folders = RawString.decode(Arrays.copyOfRange(variable, 5, variable.length));
                }
            }
            List<byte[]> paths = new ArrayList<>();
            for (String folder : (alsoIn.isEmpty() ? folders : folders + ":" + alsoIn).split(":", -1)) {
                paths.add(RawPath.join(RawString.encode(folder.isEmpty() ? "." : folder), program));
            }
            return paths;
        }

        private static List<byte[]> variables(Map<String, String> environment) {
            List<byte[]> variables = new ArrayList<>(environment.size());
            environment.forEach((name, value) -> variables.add(RawString.encode(name + "=" + value)));
            return variables;
        }
    }

    /** Reads a descriptor and owns it. */
    private static final class FdInputStream extends InputStream {
        private final int fd;
        private boolean closed;

        FdInputStream(int fd) {
            this.fd = fd;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (closed) {
                throw new IOException("the stream is closed");
            }
            int count = Io.read(fd, buffer, offset, length);
            return count == 0 && length > 0 ? -1 : count;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                Open.close(fd);
            }
        }
    }

    /** Writes a descriptor and owns it. */
    private static final class FdOutputStream extends OutputStream {
        private final int fd;
        private boolean closed;

        FdOutputStream(int fd) {
            this.fd = fd;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            if (closed) {
                throw new IOException("the stream is closed");
            }
            Io.write(fd, buffer, offset, length);
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                Open.close(fd);
            }
        }
    }
}
