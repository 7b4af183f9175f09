package cairn.retention;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Decides which backups a policy keeps, each group for itself, as {@code forget} of restic does: the newest of each
 * period stays, and while a rule has not met as many periods as it may keep, so does the oldest of all, so that
 * "12 monthly" reaches back to the start from the first day on.
 *
 * <p>A clock that was wrong must not cost a backup, so beyond the rules these stay, and none of them uses up a place:
 * a time that is still to come (it would count as the newest for ever), and the complete backup with the highest number
 * in the writer's chain, whatever its time. An interrupted backup takes no place from a complete one; it stays while it is
 * newer than all complete ones, or within a span, or by its tags. A group never loses its last backup to a policy.
 */
public final class Retention {
    private static final Comparator<Candidate> NEWEST_FIRST = Comparator.comparing(Candidate::time)
            .thenComparingLong(Candidate::sequence).thenComparing(Candidate::id).reversed();

    private Retention() {
    }

    /**
     * Decides on all candidates.
     *
     * @param zone whose calendar divides the periods
     * @param now  the present, by the same clock as the times where possible
     * @return one decision each; groups in the order of their first candidate, in them the newest first
     */
    public static List<Decision> decide(Collection<Candidate> candidates, KeepPolicy policy, ZoneId zone, Instant now) {
        Map<GroupKey, List<Candidate>> groups = new LinkedHashMap<>();
        for (Candidate candidate : candidates) {
            groups.computeIfAbsent(new GroupKey(candidate.group()), _ -> new ArrayList<>()).add(candidate);
        }
        List<Decision> decisions = new ArrayList<>(candidates.size());
        for (List<Candidate> group : groups.values()) {
            group.sort(NEWEST_FIRST);
            new GroupRun(group, zone, now).apply(policy, decisions);
        }
        return decisions;
    }

    private record GroupKey(byte[] bytes) {
        @Override
        public boolean equals(Object other) {
            return other instanceof GroupKey key && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    /** One group, newest first, and the reasons found so far. */
    private static final class GroupRun {
        private final List<Candidate> group;
        private final List<List<Reason>> reasons = new ArrayList<>();
        private final ZoneId zone;
        private final Instant now;
        /** The places of those that the rules count: complete, and not in the future. */
        private final List<Integer> counted = new ArrayList<>();

        GroupRun(List<Candidate> group, ZoneId zone, Instant now) {
            this.group = group;
            this.zone = zone;
            this.now = now;
            for (int i = 0; i < group.size(); i++) {
                reasons.add(new ArrayList<>());
                if (!isFuture(i) && !group.get(i).partial()) {
                    counted.add(i);
                }
            }
        }

        void apply(KeepPolicy policy, List<Decision> decisions) {
            keepLast(policy.last());
            for (Period period : Period.values()) {
                keepPeriods(period, policy.count(period.rule()), null);
            }
            for (Rule rule : Rule.values()) {
                if (policy.within().containsKey(rule)) {
                    keepWithin(rule, policy.within().get(rule));
                }
            }
            keepTagged(policy.tags());
            keepWhatClocksHide();
            keepPartial();
            if (reasons.stream().allMatch(List::isEmpty)) {
                keep(counted.isEmpty() ? 0 : counted.getFirst(), Rule.ONLY_ONE, "");
            }
            for (int i = 0; i < group.size(); i++) {
                decisions.add(new Decision(group.get(i), reasons.get(i)));
            }
        }

        private boolean isFuture(int i) {
            return group.get(i).time().isAfter(now);
        }

        private void keep(int i, Rule rule, String detail) {
            Reason reason = new Reason(rule, detail);
            if (!reasons.get(i).contains(reason)) {
                reasons.get(i).add(reason);
            }
        }

        private void keepLast(int count) {
            int places = count == KeepPolicy.ALL ? counted.size() : Math.min(count, counted.size());
            for (int i : counted.subList(0, places)) {
                keep(i, Rule.LAST, "");
            }
        }

        /** Keeps the newest of each of so many periods, those before {@code since} left out. */
        private void keepPeriods(Period period, int count, Instant since) {
            int left = count == KeepPolicy.ALL ? Integer.MAX_VALUE : count;
            Set<String> met = new HashSet<>();
            for (int k = 0; k < counted.size() && left > 0; k++) {
                int i = counted.get(k);
                if (since != null && group.get(i).time().isBefore(since)) {
                    return;
                }
                String name = period.name(group.get(i).time(), zone);
                if (met.add(name)) {
                    keep(i, period.rule(), name);
                    left--;
                } else if (since == null && k == counted.size() - 1) {
                    keep(i, period.rule(), name + " (oldest)");
                }
            }
        }

        private void keepWithin(Rule rule, Duration span) {
            Instant since = since(span);
            if (rule != Rule.WITHIN) {
                keepPeriods(Period.of(rule), KeepPolicy.ALL, since);
                return;
            }
            for (int i = 0; i < group.size() && !group.get(i).time().isBefore(since); i++) {
                keep(i, Rule.WITHIN, inWords(span));
            }
        }

        /** Spans end at the newest, not now: a client that stopped making backups loses none of them by waiting. */
        private Instant since(Duration span) {
            Instant newest = counted.isEmpty() ? now : group.get(counted.getFirst()).time();
            long room = newest.getEpochSecond() - Instant.MIN.getEpochSecond() - 1;
            return span.getSeconds() > room ? Instant.MIN : newest.minus(span);
        }

        private static String inWords(Duration span) {
            boolean wholeDays = span.getNano() == 0 && span.toSeconds() % 86_400 == 0;
            return wholeDays ? span.toDays() + "d" : span.toString().substring(2).toLowerCase(Locale.ROOT);
        }

        private void keepTagged(List<Set<String>> sets) {
            for (int i = 0; i < group.size(); i++) {
                for (Set<String> wanted : sets) {
                    if (group.get(i).tags().containsAll(wanted)) {
                        keep(i, Rule.TAG, String.join(",", wanted.stream().sorted().toList()));
                    }
                }
            }
        }

        private void keepWhatClocksHide() {
            int writtenLast = -1;
            long highest = 0;
            for (int i = 0; i < group.size(); i++) {
                if (isFuture(i)) {
                    keep(i, Rule.FUTURE, "");
                }
                if (group.get(i).sequence() > highest && !group.get(i).partial()) {
                    writtenLast = i;
                    highest = group.get(i).sequence();
                }
            }
            if (writtenLast >= 0 && reasons.get(writtenLast).isEmpty()) {
                keep(writtenLast, Rule.WRITTEN_LAST, "");
            }
        }

        private void keepPartial() {
            int complete = counted.isEmpty() ? group.size() : counted.getFirst();
            for (int i = 0; i < complete; i++) {
                if (group.get(i).partial() && !isFuture(i)) {
                    keep(i, Rule.PARTIAL, "");
                }
            }
        }
    }
}
