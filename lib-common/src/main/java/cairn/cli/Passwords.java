package cairn.cli;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Open;
import cairn.posix.RawString;
import cairn.posix.Sys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Gets a password from a file or a command. */
final class Passwords {
    private static final int LONGEST = 1 << 16;

    private Passwords() {}

    /** @param file raw; {@code -} is standard input, of which the first line is taken and no byte more */
    static byte[] fromFile(CommandContext context, String file) throws IOException {
        if (file.equals("-")) return firstLine(context.stdin());
        byte[] content;
        try {
            content = Sys.readFile(Open.AT_FDCWD, RawString.encode(file));
        } catch (IOException e) {
            throw new CairnException(ExitCode.WRONG_PASSWORD, "cannot read the password file: " + Errors.reason(e), null, e);
        }
        return cut(content, "the file '" + file + "'");
    }

    static byte[] fromCommand(CommandContext context, String command) throws IOException {
        Process process = new ProcessBuilder("/bin/sh", "-c", ShellScript.ascii(command))
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String from = "the command '" + command + "'";
        byte[] all;
        try (InputStream in = process.getInputStream()) {
            all = in.readNBytes(LONGEST);
        }
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new CairnException(ExitCode.WRONG_PASSWORD, 
                        "cannot get the password: " + from + " failed with status " + status, null);
            }
        } catch (InterruptedException e) {
            process.destroy();
            throw new CairnException(ExitCode.INTERRUPTED, "interrupted", null, e);
        }
        return cut(all, from);
    }

    private static byte[] firstLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0 && c != '\n' && line.size() < LONGEST; c = in.read()) line.write(c);
        return cut(line.toByteArray(), "standard input");
    }

    private static byte[] cut(byte[] text, String from) throws CairnException {
        int end = 0;
        while (end < text.length && text[end] != '\n') end++;
        if (end > 0 && text[end - 1] == '\r') end--;
        if (end == 0) throw new CairnException(ExitCode.WRONG_PASSWORD, "the password from " + from + " is empty", null);
        return Arrays.copyOf(text, end);
    }
}
