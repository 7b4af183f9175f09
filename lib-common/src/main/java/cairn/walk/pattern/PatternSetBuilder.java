package cairn.walk.pattern;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import java.util.ArrayList;
import java.util.List;

/** Collects patterns from arguments and files in the order in which the user gave them. */
public final class PatternSetBuilder {
    private final List<Pattern> patterns = new ArrayList<>();

    /** Adds an argument: one pattern as it stands, for a shell has no comments or stray spaces inside quotes. */
    public PatternSetBuilder addArgument(byte[] pattern) {
        patterns.add(new Pattern(pattern.clone()));
        return this;
    }

    /**
     * Adds all patterns of a file.
     *
     * @param content all of its bytes
     * @param name    the file, for the message
     * @throws CairnException (wrong usage) if it holds a zero byte, as a list made by {@code find -print0} does: every
     *                        pattern in it would quietly match nothing
     */
    public PatternSetBuilder addFile(byte[] content, String name) throws CairnException {
        int number = 0;
        for (byte[] line : PatternFile.lines(content)) {
            number++;
            for (byte b : line) {
                if (b == 0) {
                    throw new CairnException(ExitCode.USAGE, "pattern file '" + name + "' has a zero byte in line "
                            + number, "write one pattern a line");
                }
            }
            byte[] text = PatternFile.patternOf(line);
            if (text != null) {
                patterns.add(new Pattern(text));
            }
        }
        return this;
    }

    /** The set, patterns with a slash relative to {@code /} until {@link PatternSet#at} says otherwise. */
    public PatternSet build() {
        return new PatternSet(patterns, new byte[0]);
    }
}
