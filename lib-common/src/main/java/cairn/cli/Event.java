package cairn.cli;

import java.io.IOException;

/**
 * One result of a command. The same record becomes a line of text or a JSON object, so that the two cannot say
 * different things. Best written as a record in the command's own package.
 */
public interface Event {
    /** The JSON field {@code type}: lower case, words joined by {@code _}. */
    String type();

    /** Writes the members after {@code type}. */
    void json(JsonWriter json) throws IOException;

    /** Writes what a person sees; nothing if this is only for programs. */
    void text(Line line) throws IOException;
}
