package cairn.snapshot;

import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import cairn.posix.Sys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * UrBackup's {@code snapshot.cfg}, in which an administrator says which scripts make and remove snapshots:
 *
 * <pre>
 * create_filesystem_snapshot=COMMAND
 * remove_filesystem_snapshot=COMMAND
 * volumes_mounted_locally=0|1
 * CLIENT_create_filesystem_snapshot=COMMAND
 * </pre>
 *
 * Lines of other keys, empty ones and those that begin with {@code #} mean nothing here. A line with the name of the
 * virtual client in front counts before the one without. A value may stand in double quotes.
 */
final class ScriptConfig {
    /** Where it is looked for, the first that exists counts. The last two are UrBackup's own. */
    static final List<String> PLACES = List.of("/etc/cairn/snapshot.cfg", "/etc/urbackup/snapshot.cfg", "/usr/local/etc/urbackup/snapshot.cfg");

    private final String place;
    private final Map<String, String> values = new HashMap<>();
    private final String client;

    private ScriptConfig(String place, byte[] content, byte[] client) {
        this.place = place;
        this.client = client == null ? "" : RawString.decode(client);
        for (String line : RawString.decode(content).split("\r?\n")) {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#")) {
                String value = line.substring(equals + 1).strip();
                boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                values.put(line.substring(0, equals).strip(), quoted ? value.substring(1, value.length() - 1) : value);
            }
        }
    }

    /** Reads the configuration; null if there is none. @param file raw, or null for the usual places */
    static ScriptConfig read(byte[] file, byte[] client) throws PosixException {
        if (file != null) {
            return new ScriptConfig(RawString.printable(file), Sys.readFile(Open.AT_FDCWD, file), client);
        }
        for (String place : PLACES) {
            try {
                return new ScriptConfig(place, Sys.readFile(Open.AT_FDCWD, RawString.encode(place)), client);
            } catch (PosixException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
        }
        return null;
    }

    String place() {
        return place;
    }

    /** The command that makes a snapshot, or null. */
    byte[] create() {
        return command("create_filesystem_snapshot");
    }

    byte[] remove() {
        return command("remove_filesystem_snapshot");
    }

    /** False if paths need not exist here, only inside of the snapshots. */
    boolean mountedLocally() {
        String value = value("volumes_mounted_locally");
        return value == null || !value.equals("0");
    }

    private byte[] command(String key) {
        String value = value(key);
        return value == null || value.isEmpty() ? null : RawString.encode(value);
    }

    private String value(String key) {
        String own = client.isEmpty() ? null : values.get(client + "_" + key);
        return own != null ? own : values.get(key);
    }
}
