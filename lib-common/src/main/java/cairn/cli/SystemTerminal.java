package cairn.cli;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The terminal of the process. Everything is found out at its first use: most commands never ask. */
final class SystemTerminal implements Terminal {
    private static final File DEVICE = new File("/dev/tty");
    private static final int DEFAULT_COLUMNS = 80;

    private volatile boolean echoOff;

    /** {@code ioctl}, bound only when a stream looks like a terminal. */
    private static final class Ioctl {
        static final long TCGETS = 0x5401;
        static final long TIOCGWINSZ = 0x5413;

        private static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(
                Linker.nativeLinker().defaultLookup().find("ioctl").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(2));

        /** @return what the kernel wrote, as 16-bit numbers, or null if it is no terminal */
        static short[] get(int fd, long request) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment result = arena.allocate(256, 8);
                int status = (int) CALL.invokeExact(fd, request, result);
                return status < 0 ? null : result.asSlice(0, 8).toArray(ValueLayout.JAVA_SHORT);
            } catch (Throwable e) {
                throw new IllegalStateException("ioctl", e);
            }
        }
    }

    @Override
    public boolean stdin() {
        return isTerminal(0);
    }

    @Override
    public boolean stdout() {
        return isTerminal(1);
    }

    @Override
    public boolean stderr() {
        return isTerminal(2);
    }

    @Override
    public int columns() {
        short[] size = stderr() ? Ioctl.get(2, Ioctl.TIOCGWINSZ) : stdout() ? Ioctl.get(1, Ioctl.TIOCGWINSZ) : null;
        return size == null || size[1] < 20 ? DEFAULT_COLUMNS : size[1];
    }

    /** The link says at once what is certainly none, without a foreign call. */
    private static boolean isTerminal(int fd) {
        String target;
        try {
            target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
        } catch (IOException e) {
            return false;
        }
        return target.startsWith("/dev/") && !target.equals("/dev/null") && Ioctl.get(fd, Ioctl.TCGETS) != null;
    }

    @Override
    public byte[] askSecret(String prompt) throws IOException {
        if (!openable()) return null;
        try (RandomAccessFile tty = new RandomAccessFile(DEVICE, "rw")) {
            echoOff = true;
            try {
                stty("-echo");
                tty.write(prompt.getBytes(StandardCharsets.UTF_8));
                return readLine(tty);
            } finally {
                restore();
                tty.write('\n');
            }
        }
    }

    /** Gives the terminal its echo back; called also when a signal ends the process. */
    void restore() throws IOException {
        if (!echoOff) return;
        stty("echo");
        echoOff = false;
    }

    /** A process without a controlling terminal sees the device but cannot open it. */
    private static boolean openable() {
        try (RandomAccessFile tty = new RandomAccessFile(DEVICE, "r")) {
            return tty.getFD().valid();
        } catch (IOException e) {
            return false;
        }
    }

    private static byte[] readLine(RandomAccessFile tty) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = tty.read(); c != '\n'; c = tty.read()) {
            if (c < 0) return line.size() == 0 ? null : line.toByteArray();
            line.write(c);
        }
        return line.toByteArray();
    }

    private static void stty(String setting) throws IOException {
        Process process = new ProcessBuilder("stty", setting)
                .redirectInput(DEVICE)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (process.waitFor() != 0) throw new IOException("cannot set the terminal with stty " + setting);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
