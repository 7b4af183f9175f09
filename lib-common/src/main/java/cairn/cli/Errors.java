package cairn.cli;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;

/** Turns whatever ended a command into what a person can use: one line, what to do, and an exit status. */
final class Errors {
    private Errors() {}

    /**
     * @param message one line, lower case, without the program's name
     * @param remedy  what to do, or null
     */
    record Report(ExitCode code, String message, String remedy) {}

    static Report of(Throwable error) {
        return switch (unwrap(error)) {
            case CairnException e -> new Report(e.exitCode(), e.getMessage(), e.remedy());
            case InterruptedException e -> new Report(ExitCode.INTERRUPTED, "interrupted", null);
            case IOException e -> new Report(ExitCode.FAILED, reason(e), null);
            case OutOfMemoryError e -> new Report(ExitCode.FAILED, "out of memory (limit "
                    + Sizes.format(Runtime.getRuntime().maxMemory()) + "): " + lowerFirst(String.valueOf(e.getMessage())),
                    "give it more memory: CAIRN_JAVA_OPTS=-Xmx1g");
            case StackOverflowError e -> new Report(ExitCode.FAILED, "something is nested too deeply for this program",
                    "run it again with -vv and report what it prints");
            case Throwable e -> new Report(ExitCode.FAILED, "internal error: " + describe(e),
                    "run it again with -vv and report what it prints");
        };
    }

    /** The error itself, out of the wrappers of threads and streams. */
    static Throwable unwrap(Throwable error) {
        Throwable e = error;
        while ((e instanceof UncheckedIOException || e instanceof ExecutionException) && e.getCause() != null) {
            e = e.getCause();
        }
        return e;
    }

    /** Why an operation failed, lower case. */
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException f -> f.getFile() + ": no such file or folder";
            case AccessDeniedException f -> f.getFile() + ": permission denied";
            case FileAlreadyExistsException f -> f.getFile() + ": exists already";
            case FileSystemException f -> f.getFile() + ": " + lowerFirst(f.getReason() == null ? "failed" : f.getReason());
            default -> e.getMessage() == null ? describe(e) : lowerFirst(e.getMessage());
        };
    }

    private static String describe(Throwable e) {
        String name = e.getClass().getSimpleName();
        return e.getMessage() == null ? name : name + ": " + e.getMessage();
    }

    /** Lower-cases the first letter unless the word looks like an acronym or a name in capitals. */
    static String lowerFirst(String text) {
        if (text.length() < 2 || Character.isUpperCase(text.charAt(1))) return text;
        return Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
