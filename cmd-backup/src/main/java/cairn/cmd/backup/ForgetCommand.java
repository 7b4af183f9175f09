package cairn.cmd.backup;

import cairn.cli.BackupSelector;
import cairn.cli.Command;
import cairn.cli.DryRunOption;
import cairn.cli.DurationConverter;
import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.Text;
import cairn.cli.ThisHost;
import cairn.cli.UsageException;
import cairn.error.ExitCode;
import cairn.format.Hash;
import cairn.prune.Forgetter;
import cairn.query.BackupRef;
import cairn.repo.Repository;
import cairn.retention.Candidate;
import cairn.retention.Decision;
import cairn.retention.KeepPolicy;
import cairn.retention.Reason;
import cairn.retention.Retention;
import cairn.retention.Rule;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn forget}: marks backups for deletion. */
@CommandLine.Command(name = "forget", description = {
    "Marks backups for deletion: those named, or those that a policy does not keep. A prune deletes them and gives the space back.",
    "Backups of the same key, host, name and kind, and without a name of the same paths, are one group; the policy holds for each group by itself."})
public final class ForgetCommand extends Command {
    @Mixin
    private RepoOptions repo = new RepoOptions();

    @Mixin
    private BackupSelector selector = new BackupSelector();

    @Mixin
    private DryRunOption dryRun = new DryRunOption();

    @Parameters(arity = "0..*", paramLabel = "BACKUP", description = "a backup to forget, by the beginning of its id")
    private List<String> named = new ArrayList<>();

    @Option(names = "--keep-last", paramLabel = "N", description = "keep the newest N")
    private int last;

    @Option(names = "--keep-hourly", paramLabel = "N", description = "keep the newest of each of the last N hours that have one")
    private int hourly;

    @Option(names = "--keep-daily", paramLabel = "N", description = "keep the newest of each of the last N days that have one")
    private int daily;

    @Option(names = "--keep-weekly", paramLabel = "N", description = "keep the newest of each of the last N weeks that have one")
    private int weekly;

    @Option(names = "--keep-monthly", paramLabel = "N", description = "keep the newest of each of the last N months that have one")
    private int monthly;

    @Option(names = "--keep-yearly", paramLabel = "N", description = "keep the newest of each of the last N years that have one")
    private int yearly;

    @Option(names = "--keep-within", paramLabel = "AGE", converter = DurationConverter.class,
            description = "keep all that are at most so much older than the newest: 14d")
    private Duration within;

    @Option(names = "--keep-tag", paramLabel = "TAG", description = "keep those with this tag; repeatable")
    private List<String> keepTags = new ArrayList<>();

    private record Forgotten(ForgetChoice.Candidate backup, boolean kept, List<Reason> reasons, boolean dry) implements Event {
        @Override
        public String type() {
            return kept ? "kept" : "forgotten";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("id", backup.id().hex()).field("time", backup.record().time());
            if (backup.body() != null) {
                json.field("host", backup.body().host()).field("name", backup.body().name());
            }
            json.name("reasons").beginArray();
            for (Reason reason : reasons) {
                json.value(reason.toString());
            }
            json.endArray();
        }

        @Override
        public void text(Line line) throws IOException {
            line.text(kept ? "keep   " : dry ? "would forget " : "forget ").text(backup.id().hex().substring(0, 8)).text("  ").time(backup.record().time());
            if (backup.body() != null) {
                line.text("  ").text(Text.oneLine(backup.body().host()));
                if (!backup.body().name().isEmpty()) {
                    line.text("  " + Text.oneLine(backup.body().name()));
                }
            }
            if (kept) {
                line.text("  (" + reasons.stream().map(Reason::toString).collect(Collectors.joining(", ")) + ")");
            }
            line.end();
        }
    }

    private record Total(int kept, int forgotten, boolean dry) implements Event {
        @Override
        public String type() {
            return "forget";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("kept", kept).field("forgotten", forgotten).field("dry_run", dry);
        }

        @Override
        public void text(Line line) throws IOException {
            line.text(kept + " kept, " + forgotten + (dry ? " would be forgotten" : " forgotten; 'cairn prune' gives the space back")).end();
        }
    }

    @Override
    protected ExitCode run() throws Exception {
        KeepPolicy policy = policy();
        if (named.isEmpty() == policy.isEmpty()) {
            throw new UsageException(named.isEmpty() ? "nothing to go by: name backups, or give a policy such as --keep-daily 7"
                    : "name backups or give a policy, not both");
        }
        try (Repository repository = open()) {
            ForgetChoice choice = new ForgetChoice(repository, selector.selection(context()));
            Map<Hash, List<Reason>> reasons = new HashMap<>();
            List<ForgetChoice.Candidate> shown = new ArrayList<>();
            Set<Hash> going = named.isEmpty() ? byPolicy(choice, policy, reasons, shown) : byName(repository, choice, shown);
            for (ForgetChoice.Candidate backup : shown) {
                boolean kept = !going.contains(backup.id());
                out().done(new Forgotten(backup, kept, reasons.getOrDefault(backup.id(), List.of()), dryRun.dryRun()), dryRun.dryRun());
            }
            if (!dryRun.dryRun() && !going.isEmpty()) {
                Forgetter.forget(repository, List.copyOf(going), named.isEmpty() ? "policy" : "named");
            }
            out().done(new Total(shown.size() - going.size(), going.size(), dryRun.dryRun()), dryRun.dryRun());
            return ExitCode.DONE;
        }
    }

    /** To look needs no key; to mark needs one whose marks count. */
    private Repository open() throws IOException {
        RepoOptions records = repo.recordsOnly();
        return dryRun.dryRun() ? RepositoryAccess.openToCheck(context(), out(), records) : RepositoryAccess.openToMark(context(), out(), records);
    }

    private KeepPolicy policy() throws UsageException {
        Map<Rule, Integer> counts = new EnumMap<>(Rule.class);
        put(counts, Rule.HOURLY, hourly, "--keep-hourly");
        put(counts, Rule.DAILY, daily, "--keep-daily");
        put(counts, Rule.WEEKLY, weekly, "--keep-weekly");
        put(counts, Rule.MONTHLY, monthly, "--keep-monthly");
        put(counts, Rule.YEARLY, yearly, "--keep-yearly");
        if (last < 0) {
            throw new UsageException("--keep-last wants a number that is not negative");
        }
        Map<Rule, Duration> spans = within == null ? Map.of() : Map.of(Rule.WITHIN, within);
        return new KeepPolicy(last, counts, spans, keepTags.stream().map(Set::of).toList());
    }

    private static void put(Map<Rule, Integer> counts, Rule rule, int count, String option) throws UsageException {
        if (count < 0) {
            throw new UsageException(option + " wants a number that is not negative");
        }
        if (count > 0) {
            counts.put(rule, count);
        }
    }

    private Set<Hash> byName(Repository repository, ForgetChoice choice, List<ForgetChoice.Candidate> shown) throws IOException {
        Set<Hash> going = new LinkedHashSet<>();
        for (String name : named) {
            ForgetChoice.Candidate chosen = choice.byId(name);
            if (chosen == null) {
                chosen = choice.candidate(BackupRef.parse(name).resolve(repository, context().zone(), ThisHost.name()).record());
            }
            if (going.add(chosen.id())) {
                shown.add(chosen);
            }
        }
        return going;
    }

    private Set<Hash> byPolicy(ForgetChoice choice, KeepPolicy policy, Map<Hash, List<Reason>> reasons, List<ForgetChoice.Candidate> shown)
            throws IOException {
        shown.addAll(choice.all());
        List<Candidate> candidates = new ArrayList<>();
        for (ForgetChoice.Candidate backup : shown) {
            candidates.add(choice.forRetention(backup, keepTags));
        }
        Set<Hash> going = new HashSet<>();
        for (Decision decision : Retention.decide(candidates, policy, context().zone(), Instant.now())) {
            Hash id = Hash.parse(decision.candidate().id());
            if (decision.kept()) {
                reasons.put(id, decision.reasons());
            } else {
                going.add(id);
            }
        }
        return going;
    }
}
