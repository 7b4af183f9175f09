package cairn.cli;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawString;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Gets a password from a file or a command. */
final class Passwords {
    private static final int LONGEST = 1 << 16;

    private Passwords() {}

    static byte[] fromFile(CommandContext context, String file) throws IOException {
        if (file.equals("-")) return firstLine(context.stdin(), "standard input");
        try (InputStream in = new FileInputStream(file)) {
            return firstLine(in, "'" + file + "'");
        } catch (CairnException e) {
            throw e;
        } catch (IOException e) {
            throw new CairnException(ExitCode.WRONG_PASSWORD, "cannot read the password file: " + Errors.reason(e), null, e);
        }
    }

    static byte[] fromCommand(CommandContext context, String command) throws IOException {
        Process process = new ProcessBuilder("/bin/sh", "-c", script(command))
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] line;
        try (InputStream in = process.getInputStream()) {
            line = firstLine(in, "the command '" + command + "'", process);
        }
        return line;
    }

    private static byte[] firstLine(InputStream in, String from, Process process) throws IOException {
        byte[] all = in.readNBytes(LONGEST);
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new CairnException(ExitCode.WRONG_PASSWORD, "cannot get the password: " + from + " failed with status " + status, null);
            }
        } catch (InterruptedException e) {
            process.destroy();
            throw new CairnException(ExitCode.INTERRUPTED, "interrupted", null, e);
        }
        return cut(all, from);
    }

    private static byte[] firstLine(InputStream in, String from) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0 && c != '\n' && line.size() < LONGEST; c = in.read()) line.write(c);
        return cut(line.toByteArray(), from);
    }

    private static byte[] cut(byte[] text, String from) throws CairnException {
        int end = 0;
        while (end < text.length && text[end] != '\n') end++;
        if (end > 0 && text[end - 1] == '\r') end--;
        if (end == 0) throw new CairnException(ExitCode.WRONG_PASSWORD, "the password from " + from + " is empty", null);
        return Arrays.copyOf(text, end);
    }

    /** The JDK hands arguments over in the locale's character set, so other bytes travel as octal escapes. */
    private static String script(String command) {
        byte[] bytes = RawString.encode(command);
        StringBuilder escaped = new StringBuilder("eval \"$(printf '%b' '");
        for (byte b : bytes) {
            boolean plain = b >= 0x20 && b < 0x7F && b != '\'' && b != '\\';
            if (plain) escaped.append((char) b);
            else escaped.append('\\').append('0').append(String.format("%03o", b & 0xFF));
        }
        return escaped.append("')\"").toString();
    }
}
