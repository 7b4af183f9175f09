package cairn.retention;

import java.time.Instant;
import java.util.Objects;
import java.util.Set;

/**
 * A backup as retention sees it.
 *
 * @param id       names it; unique
 * @param group    backups with equal bytes belong together: the signing key, then the token of host, name and kind
 * @param time     the receiver's time where there is one, else the writer's
 * @param tags     its tags, or what stands for them
 * @param sequence its number in the writer's chain, or 0 if unknown; tells the order where the clock did not
 * @param partial  whether it was interrupted
 */
public record Candidate(String id, byte[] group, Instant time, Set<String> tags, long sequence, boolean partial) {
    public Candidate {
        Objects.requireNonNull(id);
        Objects.requireNonNull(time);
        group = group.clone();
        tags = Set.copyOf(tags);
    }

    public Candidate(String id, byte[] group, Instant time, Set<String> tags) {
        this(id, group, time, tags, 0, false);
    }
}
