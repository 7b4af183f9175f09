package cairn.cli;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * One command by name, without its class being loaded.
 *
 * @param name    the words after {@code cairn}: one ({@code backup}) or two ({@code key add})
 * @param summary what it does, lower case, no full stop, at most 60 characters
 * @param factory makes the command; write it as a lambda or constructor reference
 */
public record CommandEntry(String name, String summary, Supplier<? extends Command> factory) {
    public CommandEntry {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(summary, "summary");
        Objects.requireNonNull(factory, "factory");
        if (!isName(name)) throw new IllegalArgumentException("not a command name: '" + name + "'");
    }

    /** The first word: the same for all commands of a family such as {@code key}. */
    public String family() {
        int space = name.indexOf(' ');
        return space < 0 ? name : name.substring(0, space);
    }

    /** Whether the name has a second word. */
    public boolean inFamily() {
        return name.indexOf(' ') >= 0;
    }

    private static boolean isName(String name) {
        int spaces = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == ' ') spaces++;
            else if (c != '-' && (c < 'a' || c > 'z')) return false;
        }
        return spaces <= 1 && !name.isEmpty() && name.equals(name.strip());
    }
}
