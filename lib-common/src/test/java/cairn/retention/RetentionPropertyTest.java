package cairn.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What must hold for every list of backups and every policy. Cases are made from a seed, so that they shrink to a number. */
class RetentionPropertyTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final ZoneId ZONE = ZoneId.of("America/St_Johns");
    private static final List<Rule> PERIODS = List.of(Rule.HOURLY, Rule.DAILY, Rule.WEEKLY, Rule.MONTHLY, Rule.YEARLY);

    private static List<Candidate> candidates(int seed) {
        Random random = new Random(seed);
        List<Candidate> all = new ArrayList<>();
        int scale = List.of(60, 3600, 86_400, 30 * 86_400).get(random.nextInt(4));
        for (int n = random.nextInt(60); n >= 0; n--) {
            Instant time = NOW.plusSeconds(3 * scale - random.nextLong(80L * scale));
            Set<String> tags = random.nextInt(4) == 0 ? Set.of("a") : random.nextInt(4) == 0 ? Set.of("a", "b") : Set.of();
            all.add(new Candidate("id" + n, new byte[] {(byte) random.nextInt(3)}, time, tags, random.nextInt(100), random.nextInt(6) == 0));
        }
        return all;
    }

    private static KeepPolicy policy(int seed) {
        Random random = new Random(~seed);
        Map<Rule, Integer> counts = new HashMap<>();
        Map<Rule, Duration> within = new HashMap<>();
        for (Rule rule : PERIODS) {
            if (random.nextInt(3) == 0) {
                counts.put(rule, random.nextInt(7) - 1);
            }
            if (random.nextInt(6) == 0) {
                within.put(rule, Duration.ofHours(random.nextInt(2000)));
            }
        }
        if (random.nextInt(6) == 0) {
            within.put(Rule.WITHIN, Duration.ofHours(random.nextInt(300)));
        }
        List<Set<String>> tags = random.nextInt(4) == 0 ? List.of(Set.of("a", "b")) : List.of();
        return new KeepPolicy(random.nextInt(3) == 0 ? random.nextInt(5) : 0, counts, within, tags);
    }

    private static Set<String> kept(List<Candidate> all, KeepPolicy policy) {
        return Retention.decide(all, policy, ZONE, NOW).stream().filter(Decision::kept).map(d -> d.candidate().id())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Property(seed = "20261121")
    void everyCandidateIsDecidedOnceAndNoGroupIsEmptied(@ForAll int seed) {
        List<Candidate> all = candidates(seed);
        List<Decision> decisions = Retention.decide(all, policy(seed), ZONE, NOW);
        assertEquals(all.size(), decisions.size());
        assertEquals(Set.copyOf(all), decisions.stream().map(Decision::candidate).collect(Collectors.toSet()));
        Set<Byte> groups = all.stream().map(c -> c.group()[0]).collect(Collectors.toSet());
        assertEquals(groups, decisions.stream().filter(Decision::kept).map(d -> d.candidate().group()[0]).collect(Collectors.toSet()));
    }

    @Property(seed = "20261121")
    void theOrderOfTheInputDoesNotMatter(@ForAll int seed) {
        List<Candidate> shuffled = candidates(seed);
        Set<String> kept = kept(shuffled, policy(seed));
        Collections.shuffle(shuffled, new Random(seed));
        assertEquals(kept, kept(shuffled, policy(seed)));
    }

    @Property(seed = "20261121")
    void otherGroupsDoNotMatter(@ForAll int seed) {
        List<Candidate> all = candidates(seed);
        Set<String> apart = new TreeSet<>();
        for (byte group = 0; group < 3; group++) {
            byte wanted = group;
            apart.addAll(kept(all.stream().filter(c -> c.group()[0] == wanted).toList(), policy(seed)));
        }
        assertEquals(apart, kept(all, policy(seed)));
    }

    @Property(seed = "20261121")
    void forgettingTwiceForgetsNothingMore(@ForAll int seed) {
        List<Candidate> all = candidates(seed);
        Set<String> once = kept(all, policy(seed));
        assertEquals(once, kept(all.stream().filter(c -> once.contains(c.id())).toList(), policy(seed)));
    }

    @Property(seed = "20261121")
    void aLargerCountKeepsNothingLess(@ForAll int seed, @ForAll @IntRange(max = 4) int which, @ForAll @IntRange(min = 1, max = 9) int count) {
        List<Candidate> all = candidates(seed);
        Set<String> fewer = kept(all, new KeepPolicy(0, Map.of(PERIODS.get(which), count), Map.of(), List.of()));
        Set<String> more = kept(all, new KeepPolicy(0, Map.of(PERIODS.get(which), count + 1), Map.of(), List.of()));
        assertTrue(more.containsAll(fewer), () -> fewer + " not in " + more);
    }

    @Property(seed = "20261121")
    void aRuleKeepsNoMorePeriodsThanItMayAndNoneTwice(@ForAll int seed, @ForAll @IntRange(max = 4) int which, @ForAll @IntRange(min = 1, max = 9) int count) {
        Map<Byte, List<String>> periods = new HashMap<>();
        for (Decision decision : Retention.decide(candidates(seed), new KeepPolicy(0, Map.of(PERIODS.get(which), count), Map.of(), List.of()), ZONE, NOW)) {
            for (Reason reason : decision.reasons()) {
                if (reason.rule() == PERIODS.get(which) && !reason.detail().endsWith("(oldest)")) {
                    periods.computeIfAbsent(decision.candidate().group()[0], _ -> new ArrayList<>()).add(reason.detail());
                }
            }
        }
        for (List<String> names : periods.values()) {
            assertTrue(names.size() <= count, names::toString);
            assertEquals(names.size(), Set.copyOf(names).size(), names::toString);
        }
    }

    @Property(seed = "20261121")
    void theNewestCompleteBackupSurvivesEveryRuleThatCounts(@ForAll int seed, @ForAll @IntRange(max = 4) int which) {
        List<Candidate> all = candidates(seed);
        Set<String> kept = kept(all, new KeepPolicy(0, Map.of(PERIODS.get(which), 1), Map.of(), List.of()));
        for (byte group = 0; group < 3; group++) {
            byte wanted = group;
            Instant newest = all.stream().filter(c -> c.group()[0] == wanted && !c.partial() && !c.time().isAfter(NOW))
                    .map(Candidate::time).max(Instant::compareTo).orElse(null);
            assertTrue(newest == null || all.stream().anyMatch(c -> c.group()[0] == wanted && c.time().equals(newest) && kept.contains(c.id())));
        }
    }
}
