package cairn.walk.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The lines of a pattern file, as git reads an ignore file: a line that starts with {@code #} is a comment, spaces at
 * the end do not count unless a backslash stands before them, blank lines are nothing. A byte order mark at the start
 * of the file and a carriage return before a line feed do not count either, so that files from Windows work.
 */
public final class PatternFile {
    private PatternFile() {
    }

    /** Splits the content of a file into lines, without their ends. */
    public static List<byte[]> lines(byte[] content) {
        List<byte[]> lines = new ArrayList<>();
        int start = hasByteOrderMark(content) ? 3 : 0;
        for (int i = start; i <= content.length; i++) {
            if (i == content.length ? start < i : content[i] == '\n') {
                int end = i > start && content[i - 1] == '\r' ? i - 1 : i;
                lines.add(Arrays.copyOfRange(content, start, end));
                start = i + 1;
            }
        }
        return lines;
    }

    private static boolean hasByteOrderMark(byte[] content) {
        return content.length >= 3 && content[0] == (byte) 0xEF && content[1] == (byte) 0xBB && content[2] == (byte) 0xBF;
    }

    /** The pattern on a line, or null if there is none. */
    static byte[] patternOf(byte[] line) {
        if (line.length == 0 || line[0] == '#') {
            return null;
        }
        int end = 0;
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '\\' && i + 1 < line.length) {
                i++;
                end = i + 1;
            } else if (line[i] != ' ') {
                end = i + 1;
            }
        }
        return end == 0 ? null : Arrays.copyOf(line, end);
    }
}
