package cairn.archive;

import cairn.format.ByteWriter;
import cairn.record.RecordHead.Token;
import cairn.repo.Repository;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * What a backup is called: the part of its record that whoever makes it decides.
 *
 * @param host    of the backup; with name and kind it says which backups belong together
 * @param name    of the backup, or empty
 * @param kind    of its source: {@link Archiver#KIND}, {@link Intake#KIND}
 * @param paths   as recorded: absolute, raw bytes
 * @param tags    of the backup
 * @param time    recorded as the time of the backup
 * @param version of the program, for the record
 */
public record BackupLabel(String host, String name, String kind, List<byte[]> paths, List<String> tags, Instant time, String version) {
    /**
     * The token of backups that belong together: those of one host, name and kind, and where there is no name, of the same
     * paths. Retention thins out each group for itself, and {@code /etc} and {@code /home} are not versions of each other.
     */
    public Token group(Repository repository) {
        ByteWriter text = new ByteWriter(256).bytes((host + "\0" + name + "\0" + kind).getBytes(StandardCharsets.UTF_8));
        if (name.isEmpty()) {
            paths.stream().sorted(Arrays::compareUnsigned).forEach(path -> text.u8(0).bytes(path));
        }
        return repository.keys().token("group", text.toBytes());
    }
}
