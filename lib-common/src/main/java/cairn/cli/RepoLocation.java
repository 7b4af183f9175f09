package cairn.cli;

import cairn.posix.RawString;
import java.util.Objects;

/**
 * Where a repository is, and who said so.
 *
 * @param text a path or a URL, in the form of {@link RawString}
 */
public record RepoLocation(String text, Origin origin) {
    /** Who named the repository. */
    public enum Origin {
        OPTION, ENVIRONMENT, DEFAULT,
        /** The text is a shell command, which talks about the repository through its standard input and output. */
        COMMAND
    }

    public RepoLocation {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(origin, "origin");
    }

    /** Whether it is the user's own default repository, which the first backup makes by itself. */
    public boolean isDefault() {
        return origin == Origin.DEFAULT;
    }

    /** {@code ssh} of {@code ssh://host/path}, {@code command} of a command, or null for a path. */
    public String scheme() {
        if (origin == Origin.COMMAND) return "command";
        int end = text.indexOf("://");
        if (end <= 0) return null;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) return null;
        }
        return text.substring(0, end);
    }

    /** The path as raw bytes. */
    public byte[] path() {
        return RawString.encode(text);
    }

    /** For messages. */
    @Override
    public String toString() {
        return text;
    }
}
