package cairn.cli;

import cairn.posix.Sys;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The terminal of the process. Everything is found out at its first use: most commands never ask. */
final class SystemTerminal implements Terminal {
    private static final File DEVICE = new File("/dev/tty");
    private static final int DEFAULT_COLUMNS = 80;

    private volatile boolean echoOff;

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
        int columns = stderr() ? Sys.columns(2) : stdout() ? Sys.columns(1) : 0;
        return columns < 20 ? DEFAULT_COLUMNS : columns;
    }

    /** The link says at once what is certainly none, without a foreign call. */
    private static boolean isTerminal(int fd) {
        String target;
        try {
            target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
        } catch (IOException e) {
            return false;
        }
        return target.startsWith("/dev/") && !target.equals("/dev/null") && Sys.isatty(fd);
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

    /** Gives the terminal its echo back; called also when a signal ends the process. @return whether it had none */
    boolean restore() throws IOException {
        if (!echoOff) return false;
        stty("echo");
        echoOff = false;
        return true;
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
