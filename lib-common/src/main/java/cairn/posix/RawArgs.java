package cairn.posix;

import java.util.Arrays;

/**
 * The program's arguments and environment as the kernel has them. The JVM's own forms went through the locale: under
 * cron's C locale even UTF-8 arrives there destroyed.
 */
public final class RawArgs {
    private static final byte[] CMDLINE = RawString.encode("/proc/self/cmdline");
    private static final byte[] ENVIRON = RawString.encode("/proc/self/environ");

    private RawArgs() {}

    /**
     * The raw arguments of {@code main}: the last {@code count} strings of the process's command line, in front of
     * which the JVM, its options and the main class stand.
     *
     * @param count the length of {@code main}'s array
     * @throws PosixException EINVAL if the command line holds fewer
     */
    public static byte[][] read(int count) throws PosixException {
        return last(Sys.readFile(Open.AT_FDCWD, CMDLINE), count);
    }

    static byte[][] last(byte[] commandLine, int count) throws PosixException {
        byte[][] args = new byte[count][];
        int end = commandLine.length - 1;
        for (int i = count - 1; i >= 0; i--) {
            if (end < 0 || commandLine[end] != 0) {
                throw new PosixException("read arguments from", CMDLINE, Errno.EINVAL);
            }
            int start = end;
            while (start > 0 && commandLine[start - 1] != 0) {
                start--;
            }
            args[i] = Arrays.copyOfRange(commandLine, start, end);
            end = start - 1;
        }
        return args;
    }

    /** The raw value of a variable of the environment that the process was started with, or null. */
    public static byte[] environment(String name) throws PosixException {
        return find(Sys.readFile(Open.AT_FDCWD, ENVIRON), RawString.encode(name + "="));
    }

    static byte[] find(byte[] environment, byte[] prefix) {
        int start = 0;
        for (int i = 0; i < environment.length; i++) {
            if (environment[i] == 0) {
                if (i - start >= prefix.length
                        && Arrays.equals(environment, start, start + prefix.length, prefix, 0, prefix.length)) {
                    return Arrays.copyOfRange(environment, start + prefix.length, i);
                }
                start = i + 1;
            }
        }
        return null;
    }
}
