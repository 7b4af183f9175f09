package cairn.archive;

import java.time.Instant;
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
}
