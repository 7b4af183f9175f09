package cairn.cmd.backup;

import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import java.io.IOException;

/**
 * An access key as commands show it.
 *
 * @param lock    what opens it: {@link #PASSWORD}, {@link #KEY_FILE}, {@link #CLIENT_KEY} or {@link #NOTHING}; null where it is not known
 * @param what    what was done with it, or null if it is only listed
 * @param keyFile raw path of the key file that was made for it, or null
 */
record KeyEvent(String name, String role, String lock, String what, byte[] keyFile) implements Event {
    static final String PASSWORD = "password";
    static final String KEY_FILE = "key file";
    static final String CLIENT_KEY = "client key";
    static final String NOTHING = "nothing";

    @Override
    public String type() {
        return "key";
    }

    @Override
    public void json(JsonWriter json) throws IOException {
        json.field("name", name).field("role", role);
        if (lock != null) json.field("opened_by", lock.replace(' ', '_'));
        if (what != null) json.field("done", what);
        if (keyFile != null) json.field("key_file", keyFile);
    }

    @Override
    public void text(Line line) throws IOException {
        if (what == null) {
            line.left(name, 20).text("  ").left(role, 6).text("  opened by ").text(lock);
            return;
        }
        line.text(what).text(" the access key ").text(name).text(" (").text(role).text(")");
        if (keyFile != null) line.text(", opened by the ").text(lock == null ? KEY_FILE : lock).text(" ").name(keyFile);
    }
}
