package cairn.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final byte[] GROUP = {1};
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static KeepPolicy counts(Rule rule, int count) {
        return new KeepPolicy(0, Map.of(rule, count), Map.of(), List.of());
    }

    private static KeepPolicy last(int count) {
        return new KeepPolicy(count, Map.of(), Map.of(), List.of());
    }

    private static KeepPolicy within(Rule rule, Duration span) {
        return new KeepPolicy(0, Map.of(), Map.of(rule, span), List.of());
    }

    /** Backups named by their times, in one group. */
    private static List<Candidate> at(String... times) {
        List<Candidate> all = new ArrayList<>();
        for (String time : times) {
            all.add(new Candidate(time, GROUP, Instant.parse(time), Set.of()));
        }
        return all;
    }

    /** What is kept and why, newest first. */
    private static Map<String, List<String>> kept(List<Candidate> all, KeepPolicy policy, ZoneId zone) {
        Map<String, List<String>> kept = new LinkedHashMap<>();
        for (Decision decision : Retention.decide(all, policy, zone, NOW)) {
            if (decision.kept()) {
                kept.put(decision.candidate().id(), decision.reasons().stream().map(Reason::toString).toList());
            }
        }
        return kept;
    }

    @Test
    void lastKeepsTheNewestWhateverTheOrderOfTheInput() {
        assertEquals(Map.of("2026-11-20T00:00:00Z", List.of("last"), "2026-11-19T00:00:00Z", List.of("last")),
                kept(at("2026-11-19T00:00:00Z", "2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z"), last(2), ZoneOffset.UTC));
    }

    @Test
    void dailyKeepsTheNewestOfEachDayThatHasOne() {
        assertEquals(Map.of("2026-11-20T23:00:00Z", List.of("daily 2026-11-20"), "2026-11-10T05:00:00Z", List.of("daily 2026-11-10")),
                kept(at("2026-11-20T23:00:00Z", "2026-11-20T01:00:00Z", "2026-11-10T05:00:00Z", "2026-11-09T00:00:00Z"),
                        counts(Rule.DAILY, 2), ZoneOffset.UTC));
    }

    @Test
    void theOldestStaysWhileARuleHasPlacesLeft() {
        List<Candidate> all = at("2026-11-20T00:00:00Z", "2026-11-12T00:00:00Z", "2026-11-03T00:00:00Z");
        assertEquals(Map.of("2026-11-20T00:00:00Z", List.of("monthly 2026-11"), "2026-11-03T00:00:00Z",
                List.of("monthly 2026-11 (oldest)")), kept(all, counts(Rule.MONTHLY, 12), ZoneOffset.UTC));
        assertEquals(Set.of("2026-11-20T00:00:00Z"), kept(all, counts(Rule.MONTHLY, 1), ZoneOffset.UTC).keySet());
    }

    @Test
    void rulesAddUpAndEachGivesItsReason() {
        KeepPolicy policy = new KeepPolicy(1, Map.of(Rule.DAILY, 1, Rule.WEEKLY, 2, Rule.YEARLY, 1), Map.of(), List.of());
        assertEquals(Map.of("2026-11-20T00:00:00Z", List.of("last", "daily 2026-11-20", "weekly 2026-W47", "yearly 2026"),
                "2026-11-15T00:00:00Z", List.of("weekly 2026-W46")),
                kept(at("2026-11-20T00:00:00Z", "2026-11-16T00:00:00Z", "2026-11-15T00:00:00Z"), policy, ZoneOffset.UTC));
    }

    @Test
    void weeksAreThoseOfIsoAndCrossTheYear() {
        assertEquals(List.of("weekly 2020-W53"),
                kept(at("2021-01-03T00:00:00Z", "2020-12-28T00:00:00Z"), counts(Rule.WEEKLY, 1), ZoneOffset.UTC).get("2021-01-03T00:00:00Z"));
        assertEquals(1, kept(at("2021-01-03T00:00:00Z", "2020-12-28T00:00:00Z"), counts(Rule.WEEKLY, 1), ZoneOffset.UTC).size());
    }

    @Test
    void theCalendarIsThatOfTheZone() {
        List<Candidate> all = at("2026-11-19T23:30:00Z", "2026-11-19T22:30:00Z");
        assertEquals(1, kept(all, counts(Rule.DAILY, 1), ZoneOffset.UTC).size());
        assertEquals(Map.of("2026-11-19T23:30:00Z", List.of("daily 2026-11-20"), "2026-11-19T22:30:00Z", List.of("daily 2026-11-19")),
                kept(all, counts(Rule.DAILY, 2), BERLIN));
    }

    @Test
    void anHourThatTheEndOfSummerTimeRepeatsIsTwo() {
        List<Candidate> all = at("2026-10-25T01:30:00Z", "2026-10-25T00:30:00Z", "2026-10-25T00:10:00Z");
        assertEquals(Map.of("2026-10-25T01:30:00Z", List.of("hourly 2026-10-25 02:00+01:00"),
                "2026-10-25T00:30:00Z", List.of("hourly 2026-10-25 02:00+02:00")), kept(all, counts(Rule.HOURLY, 2), BERLIN));
    }

    @Test
    void aDayThatTheEndOfSummerTimeEntersTwiceIsOne() {
        // At 00:01 on 1 November 2009 clocks in Newfoundland went back to 23:01 on 31 October.
        ZoneId zone = ZoneId.of("America/St_Johns");
        List<Candidate> all = at("2009-11-01T04:00:00Z", "2009-11-01T03:00:00Z", "2009-11-01T02:30:30Z", "2009-11-01T02:00:00Z");
        assertEquals(Set.of("2009-11-01T04:00:00Z", "2009-11-01T03:00:00Z"), kept(all, counts(Rule.DAILY, 2), zone).keySet());
    }

    @Test
    void aSpanEndsAtTheNewestSoThatWaitingCostsNothing() {
        List<Candidate> all = at("2020-01-31T00:00:00Z", "2020-01-29T00:00:00Z", "2020-01-01T00:00:00Z");
        assertEquals(Map.of("2020-01-31T00:00:00Z", List.of("within 2d"), "2020-01-29T00:00:00Z", List.of("within 2d")),
                kept(all, within(Rule.WITHIN, Duration.ofDays(2)), ZoneOffset.UTC));
        assertEquals(3, kept(all, within(Rule.WITHIN, Duration.ofSeconds(Long.MAX_VALUE)), ZoneOffset.UTC).size());
    }

    @Test
    void aSpanOfPeriodsKeepsOneOfEach() {
        assertEquals(Map.of("2026-11-20T09:00:00Z", List.of("daily 2026-11-20"), "2026-11-19T09:00:00Z", List.of("daily 2026-11-19")),
                kept(at("2026-11-20T09:00:00Z", "2026-11-20T08:00:00Z", "2026-11-19T09:00:00Z", "2026-11-17T00:00:00Z"),
                        within(Rule.DAILY, Duration.ofDays(2)), ZoneOffset.UTC));
    }

    @Test
    void aTagRuleWantsAllTagsOfASet() {
        List<Candidate> all = List.of(new Candidate("both", GROUP, NOW, Set.of("a", "b", "c")),
                new Candidate("one", GROUP, NOW.minusSeconds(1), Set.of("a")), new Candidate("z", GROUP, NOW.minusSeconds(2), Set.of("z")));
        KeepPolicy policy = new KeepPolicy(0, Map.of(), Map.of(), List.of(Set.of("b", "a"), Set.of("z")));
        assertEquals(Map.of("both", List.of("tag a,b"), "z", List.of("tag z")), kept(all, policy, ZoneOffset.UTC));
    }

    @Test
    void groupsAreDecidedApart() {
        byte[] other = {2};
        List<Candidate> all = new ArrayList<>(at("2026-11-20T00:00:00Z", "2026-11-19T00:00:00Z"));
        all.add(new Candidate("x", other, Instant.EPOCH, Set.of()));
        assertEquals(Set.of("2026-11-20T00:00:00Z", "x"), kept(all, last(1), ZoneOffset.UTC).keySet());
    }

    @Test
    void aTimeInTheFutureTakesNoPlace() {
        assertEquals(Map.of("2099-01-01T00:00:00Z", List.of("its time is in the future"), "2026-11-20T00:00:00Z", List.of("last")),
                kept(at("2099-01-01T00:00:00Z", "2026-11-20T00:00:00Z", "2026-11-19T00:00:00Z"), last(1), ZoneOffset.UTC));
        assertEquals(Set.of("2099-01-01T00:00:00Z", "2026-11-20T00:00:00Z"),
                kept(at("2099-01-01T00:00:00Z", "2026-11-20T00:00:00Z", "2026-11-01T00:00:00Z"),
                        within(Rule.WITHIN, Duration.ofDays(3)), ZoneOffset.UTC).keySet());
    }

    @Test
    void whatWasWrittenLastStaysThoughItsClockWentBack() {
        List<Candidate> all = List.of(new Candidate("before", GROUP, Instant.parse("2026-11-20T00:00:00Z"), Set.of(), 7, false),
                new Candidate("older", GROUP, Instant.parse("2026-11-19T00:00:00Z"), Set.of(), 6, false),
                new Candidate("after a flat battery", GROUP, Instant.EPOCH, Set.of(), 8, false));
        assertEquals(Map.of("before", List.of("last"), "after a flat battery", List.of("written last")), kept(all, last(1), ZoneOffset.UTC));
    }

    @Test
    void whatWasWrittenLastStaysWithoutAnyRule() {
        List<Candidate> all = List.of(new Candidate("partial", GROUP, Instant.EPOCH, Set.of(), 9, true),
                new Candidate("tagged", GROUP, Instant.EPOCH, Set.of("t"), 1, false),
                new Candidate("newest", GROUP, NOW, Set.of(), 2, false));
        KeepPolicy tag = new KeepPolicy(0, Map.of(), Map.of(), List.of(Set.of("t")));
        assertEquals(Map.of("newest", List.of("written last"), "tagged", List.of("tag t")), kept(all, tag, ZoneOffset.UTC));
    }

    @Test
    void equalTimesGoBySequenceThenId() {
        List<Candidate> all = List.of(new Candidate("a", GROUP, Instant.EPOCH, Set.of(), 1, false),
                new Candidate("c", GROUP, Instant.EPOCH, Set.of(), 2, false), new Candidate("b", GROUP, Instant.EPOCH, Set.of(), 2, false));
        assertEquals(Set.of("c"), kept(all, last(1), ZoneOffset.UTC).keySet());
    }

    @Test
    void aPartialBackupTakesNoPlaceFromACompleteOne() {
        List<Candidate> all = List.of(new Candidate("new partial", GROUP, Instant.parse("2026-11-20T02:00:00Z"), Set.of(), 3, true),
                new Candidate("complete", GROUP, Instant.parse("2026-11-20T01:00:00Z"), Set.of(), 2, false),
                new Candidate("old partial", GROUP, Instant.parse("2026-11-20T00:00:00Z"), Set.of(), 1, true));
        assertEquals(Map.of("new partial", List.of("partial, newer than any complete one"), "complete", List.of("daily 2026-11-20")),
                kept(all, counts(Rule.DAILY, 1), ZoneOffset.UTC));
    }

    @Test
    void aGroupNeverLosesItsLastBackup() {
        KeepPolicy tag = new KeepPolicy(0, Map.of(), Map.of(), List.of(Set.of("keep")));
        assertEquals(Map.of("2026-11-20T00:00:00Z", List.of("the only one left")),
                kept(at("2026-11-20T00:00:00Z", "2026-11-19T00:00:00Z"), tag, ZoneOffset.UTC));
    }

    @Test
    void yearsBeforeTheFirstAreStillYears() {
        assertEquals(2, kept(at("-0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"), counts(Rule.YEARLY, KeepPolicy.ALL), ZoneOffset.UTC).size());
    }

    @Test
    void aPolicyKnowsWhenItSaysNothingAndRefusesNonsense() {
        assertTrue(KeepPolicy.NOTHING.isEmpty());
        assertTrue(counts(Rule.DAILY, 0).isEmpty());
        assertThrows(IllegalArgumentException.class, () -> last(-2));
        assertThrows(IllegalArgumentException.class, () -> counts(Rule.TAG, 1));
        assertThrows(IllegalArgumentException.class, () -> counts(Rule.WITHIN, 1));
        assertThrows(IllegalArgumentException.class, () -> within(Rule.DAILY, Duration.ofSeconds(-1)));
        assertThrows(IllegalArgumentException.class, () -> new KeepPolicy(0, Map.of(), Map.of(), List.of(Set.of())));
    }

    /** A clock that stood before 1970 or after 2400 must not cost the backups of other times. */
    @Test
    void timesFarFromThePresentCostNobodyItsPlace() {
        List<Candidate> all = at("1955-03-01T10:00:00Z", "1969-12-31T23:59:59Z", "2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z",
                "2451-01-01T00:00:00Z", "2451-01-02T00:00:00Z");
        for (KeepPolicy policy : List.of(last(2), counts(Rule.DAILY, 2), within(Rule.WITHIN, Duration.ofDays(3)))) {
            Map<String, List<String>> kept = kept(all, policy, BERLIN);
            assertTrue(kept.keySet().containsAll(List.of("2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z", "2451-01-01T00:00:00Z",
                    "2451-01-02T00:00:00Z")), kept::toString);
            assertFalse(kept.containsKey("1955-03-01T10:00:00Z"), kept::toString);
        }
    }
}
