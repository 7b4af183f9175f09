package cairn.cli;

import cairn.posix.RawString;
import cairn.posix.Sys;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The context of the process itself. Arguments and environment are read raw from the kernel: in the C locale the JDK's
 * own copies have lost every byte above 127. They are read as plain files, since a foreign call here would cost every
 * start.
 */
final class ProcessContext {
    private ProcessContext() {}

    static CommandContext of(String[] args) {
        Locale.setDefault(Locale.ROOT);
        SystemTerminal terminal = new SystemTerminal();
        Interrupt interrupt = new Interrupt(status -> halt(terminal, status));
        Signals.connect(interrupt);
        Map<String, String> environment = environment();
        return CommandContext.builder()
                .args(arguments(args))
                .stdin(new FileInputStream(FileDescriptor.in))
                .stdout(new FileOutputStream(FileDescriptor.out))
                .stderr(new FileOutputStream(FileDescriptor.err))
                .environment(environment)
                .zone(() -> zone(environment.get("TZ")))
                .cwd(ProcessContext::cwd)
                .terminal(terminal)
                .interrupt(interrupt)
                .build();
    }

    private static void halt(SystemTerminal terminal, int status) {
        try {
            if (terminal.restore()) System.err.print("\n");
        } catch (IOException e) {
            System.err.print("cairn: the terminal does not show what is typed: type 'stty echo'\n");
        } finally {
            Runtime.getRuntime().halt(status);
        }
    }

    /** The last strings of the command line, as many as {@code main} got; the JVM and its options stand before them. */
    private static List<String> arguments(String[] args) {
        List<String> all = strings("/proc/self/cmdline");
        return all.size() < args.length ? List.of(args) : all.subList(all.size() - args.length, all.size());
    }

    private static Map<String, String> environment() {
        Map<String, String> variables = new HashMap<>();
        for (String variable : strings("/proc/self/environ")) {
            int equals = variable.indexOf('=');
            if (equals > 0) variables.putIfAbsent(variable.substring(0, equals), variable.substring(equals + 1));
        }
        return variables.isEmpty() ? System.getenv() : variables;
    }

    /** The JDK understands TZ but where it is the path of a zone's file, of which it takes today's offset only. */
    static ZoneId zone(String tz) {
        int folder = tz == null ? -1 : tz.indexOf("/zoneinfo/");
        if (folder >= 0) {
            try {
                return ZoneId.of(tz.substring(folder + "/zoneinfo/".length()));
            } catch (DateTimeException e) {
                return ZoneId.systemDefault();
            }
        }
        return ZoneId.systemDefault();
    }

    private static byte[] cwd() {
        try {
            return Sys.workingDirectory();
        } catch (IOException e) {
            return null;
        }
    }

    /** The strings of a file, each ended by a zero byte; none if it cannot be read. */
    private static List<String> strings(String file) {
        byte[] block;
        try (FileInputStream in = new FileInputStream(file)) {
            block = in.readAllBytes();
        } catch (IOException e) {
            return List.of();
        }
        List<String> strings = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < block.length; i++) {
            if (block[i] != 0) continue;
            strings.add(RawString.decode(Arrays.copyOfRange(block, start, i)));
            start = i + 1;
        }
        return strings;
    }
}
