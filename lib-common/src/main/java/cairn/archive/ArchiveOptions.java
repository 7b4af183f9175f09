package cairn.archive;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What to do in a run of {@link Archiver}.
 *
 * @param host      of the backup; with name and kind it says which backups belong together
 * @param name      of the backup, or empty
 * @param paths     as recorded: absolute, raw bytes
 * @param tags      of the backup
 * @param time      recorded as the time of the backup
 * @param compare   fields that must agree for a file to count as unchanged: size, mtime, ctime, inode
 * @param rereadAll read every file
 * @param recheck   share of the bytes of unchanged files to read again, 0 to 1
 * @param workers   threads that read files
 * @param scratch   folder for temporary files, or null for the system's
 * @param version   of the program, for the record
 */
public record ArchiveOptions(String host, String name, List<byte[]> paths, List<String> tags, Instant time, Set<Compared> compare,
        boolean rereadAll, double recheck, int workers, Path scratch, String version) {

    /** A field of an entry that {@code --compare} can name. */
    public enum Compared { SIZE, MTIME, CTIME, INODE }

    /** What the backup is called. */
    BackupLabel label(String kind) {
        return new BackupLabel(host, name, kind, paths, tags, time, version);
    }
}
