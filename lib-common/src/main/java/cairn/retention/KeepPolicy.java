package cairn.retention;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What to keep of each group; a backup stays if any rule keeps it.
 *
 * @param last   the newest so many
 * @param counts for {@code HOURLY} to {@code YEARLY}: the newest of each of the last so many hours, days, weeks (ISO),
 *               months or years in which there is a backup; periods without one do not count
 * @param within for {@code WITHIN}: all that are at most so much older than the newest of the group; for
 *               {@code HOURLY} to {@code YEARLY}: the newest of each period in that span
 * @param tags   each backup that has all tags of one of these sets
 */
public record KeepPolicy(int last, Map<Rule, Integer> counts, Map<Rule, Duration> within, List<Set<String>> tags) {
    /** A count without a limit. */
    public static final int ALL = -1;
    public static final KeepPolicy NOTHING = new KeepPolicy(0, Map.of(), Map.of(), List.of());

    public KeepPolicy {
        counts = Map.copyOf(counts);
        within = Map.copyOf(within);
        tags = tags.stream().map(Set::copyOf).toList();
        check(last);
        counts.forEach((rule, count) -> {
            check(rule, false);
            check(count);
        });
        within.forEach((rule, span) -> {
            check(rule, true);
            if (span.isNegative()) {
                throw new IllegalArgumentException("span below zero: " + span);
            }
        });
        if (tags.stream().anyMatch(Set::isEmpty)) {
            throw new IllegalArgumentException("empty set of tags");
        }
    }

    private static void check(int count) {
        if (count < ALL) {
            throw new IllegalArgumentException("count below zero: " + count);
        }
    }

    private static void check(Rule rule, boolean span) {
        if (Period.of(rule) == null && !(span && rule == Rule.WITHIN)) {
            throw new IllegalArgumentException("not a rule with a number: " + rule);
        }
    }

    /** Whether no rule was given, which a command must refuse: it would keep one backup a group. */
    public boolean isEmpty() {
        return last == 0 && counts.values().stream().allMatch(count -> count == 0) && within.isEmpty() && tags.isEmpty();
    }

    int count(Rule rule) {
        return counts.getOrDefault(rule, 0);
    }
}
