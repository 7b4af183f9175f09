package cairn.repo;

import cairn.format.Hash;
import cairn.record.RecordBody;
import cairn.record.RecordFile;
import java.time.Instant;

/**
 * A backup: its record and the opened sealed part.
 *
 * @param inDoubt whether its session was fenced and no walk has found it complete yet
 */
public record Backup(RecordFile record, RecordBody body, boolean inDoubt) {
    public Hash id() {
        return record.id();
    }

    /** The first eight digits: how people name it. */
    public String shortId() {
        return id().hex().substring(0, 8);
    }

    public Instant time() {
        return record.time();
    }

    public boolean partial() {
        return record.head().partial();
    }
}
