package cairn.prune;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.mark.Mark;
import cairn.pack.PackFormat;
import cairn.record.RecordFile;
import cairn.repo.Marks;
import cairn.repo.Repository;
import cairn.store.NotStoredException;
import cairn.store.Storage;
import cairn.verify.Attester;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Gives space back while others write, by the rules 6 to 9 of concurrency (docs/format.md). What is to go is first
 * marked; then the sessions are listed, and nothing goes on unless each has ended or is fenced; then the records are
 * listed twice; then every blob of a marked pack that a record leads to must be in another pack that exists and that
 * nobody has marked, or is copied; and only then the packs are deleted: tombstone, file, mark.
 *
 * <p>Records that {@code forget} marked go the same way, and first. With a grace period the marks rest for as long as
 * that before anything is deleted; with none it is done in one run, and a writer that was alive in the last
 * {@value #ALIVE_MINUTES} minutes makes it give up and withdraw its marks.
 */
public final class Pruner {
    private static final int ALIVE_MINUTES = 15;
    private static final int MOST_A_MARK = 100_000;

    private final Repository repository;
    private final Path scratch;
    private final PruneListener listener;
    private final BooleanSupplier cancelled;

    /**
     * How to prune.
     *
     * @param grace     how long marks rest before what they name is deleted
     * @param maxUnused share of the stored bytes that may stay unused in packs that are partly needed, 0 to 1
     */
    public record Options(Duration grace, double maxUnused, boolean dryRun) {
    }

    /** What a run did. Sizes in bytes; what is {@code marked} is deleted by a later run. */
    public record Result(int recordsDeleted, int recordsWaiting, int packsDeleted, long bytesDeleted, int packsMarked, long bytesMarked,
            long bytesCopied, long bytesNeeded, long bytesStored) {
    }

    /** A mark as the storage has it. */
    private record Resting(String name, List<Hash> subjects, Instant since) {
        boolean due(Options options, Instant now) {
            return options.grace.isZero() || !since.plus(options.grace).isAfter(now);
        }
    }

    public Pruner(Repository repository, Path scratch, PruneListener listener, BooleanSupplier cancelled) {
        this.repository = repository;
        this.scratch = scratch;
        this.listener = listener;
        this.cancelled = cancelled;
    }

    public Result run(Options options) throws IOException {
        repository.refresh();
        repository.marks().requireWhole();
        Instant now = repository.storage().now();
        if (!options.dryRun) {
            repository.storage().tidy();
        }
        int deleted = 0;
        int waiting = 0;
        Set<Hash> going = new HashSet<>();
        for (Resting mark : resting(Mark.Type.RECORDS)) {
            if (!mark.due(options, now)) {
                waiting += mark.subjects.size();
            } else if (options.dryRun) {
                going.addAll(mark.subjects);
                deleted += mark.subjects.size();
            } else {
                settle(options, mark.since, List.of());
                deleteRecords(mark);
                deleted += mark.subjects.size();
            }
        }
        repository.refresh();
        return prunePacks(options, now, deleted, waiting, going);
    }

    /** Marks of a type, with the time since when they are there. */
    private List<Resting> resting(Mark.Type type) throws IOException {
        Map<String, Instant> times = new HashMap<>();
        repository.storage().list(Kind.MARK.folder() + "/", file -> times.put(file.name(), file.modified()));
        List<Resting> resting = new ArrayList<>();
        for (Mark.Signed signed : repository.marks().all()) {
            String name = Mark.name(signed.name());
            if (signed.mark().type() == type && times.containsKey(name)) {
                resting.add(new Resting(name, signed.mark().subjects(), times.get(name)));
            }
        }
        return resting;
    }

    /**
     * Rule 6: goes on only if no writer is alive that may rely on what was marked.
     *
     * @param since    when the last of these marks was published
     * @param withdraw marks to take back if a writer is alive
     */
    private void settle(Options options, Instant since, List<String> withdraw) throws IOException {
        Instant now = letSee(since);
        Duration least = Duration.ofMinutes(ALIVE_MINUTES);
        LiveSessions sessions = LiveSessions.list(repository);
        int alive = sessions.settle(repository, repository.marks(), options.grace.compareTo(least) > 0 ? options.grace : least, now);
        if (alive > 0) {
            for (String mark : withdraw) {
                repository.storage().delete(mark);
            }
            throw new CairnException(ExitCode.OTHERS_WRITING, "cannot prune now: " + (alive == 1 ? "a writer is" : alive + " writers are") + " at work",
                    options.grace.isZero() ? "wait until it is done (one that was killed counts for " + ALIVE_MINUTES + " minutes), or prune without"
                            + " --grace 0: then what is marked rests and nothing waits"
                            : "try again later; what is marked stays marked");
        }
        if (sessions.hasFenced()) {
            letSee(repository.storage().now()); // whoever has not seen the fence has published its record before we list them
        }
        sessions.tidy(repository, repository.marks());
    }

    /**
     * Rule 11. What was published here is seen by others a while later where listings are old, and what they
     * published until then is seen here after another while.
     *
     * @return the time by the storage's clock
     */
    private Instant letSee(Instant since) throws IOException {
        Instant now = repository.storage().now();
        if (!repository.storage().listsLate()) {
            return now;
        }
        Duration wait = Storage.STALE.multipliedBy(2);
        Duration left = Duration.between(now, since.plus(wait));
        if (left.isPositive()) {
            left = left.compareTo(wait) < 0 ? left : wait; // a clock that was set back
            listener.note("other machines may see late what is written here: waiting " + (left.toSeconds() + 1) + " s");
            repository.timing().pause(left, cancelled);
            stopIfCancelled();
        }
        return repository.storage().now();
    }

    private void stopIfCancelled() throws CairnException {
        if (cancelled.getAsBoolean()) {
            throw new CairnException(ExitCode.INTERRUPTED, "interrupted", "nothing is lost; the next prune goes on");
        }
    }

    private void deleteRecords(Resting mark) throws IOException {
        LiveSessions.publish(repository, Mark.Type.RECORD_TOMBSTONE, mark.subjects, "");
        for (Hash record : mark.subjects) {
            delete(RecordFile.name(record));
        }
        delete(mark.name);
    }

    private void delete(String name) throws IOException {
        try {
            repository.storage().delete(name);
        } catch (NotStoredException gone) {
            // another prune, or an earlier run that was killed, did it
        }
    }

    /** @param without records that are only left out: what would be if they were deleted */
    private Result prunePacks(Options options, Instant now, int recordsDeleted, int recordsWaiting, Set<Hash> without) throws IOException {
        listener.phase("finding what is needed");
        List<Hash> listed = repository.records().list();
        listed.removeAll(without);
        Roots roots = Roots.of(repository, listed, scratch, options.dryRun, listener);
        List<Resting> due = new ArrayList<>(resting(Mark.Type.PACKS).stream().filter(mark -> mark.due(options, now)).toList());
        try (Need need = new Need(repository, scratch, subjects(due))) {
            need.reach(roots.whole());
            need.reachRest(roots.broken());
            if (!options.dryRun && judge(need.contested())) {
                repository.refresh();
                need.restart(subjects(due));
                need.reach(roots.whole());
                need.reachRest(roots.broken());
            }
            List<PackUsage> chosen = need.choose(repository.marks(), options.maxUnused);
            long chosenBytes = chosen.stream().mapToLong(pack -> pack.size).sum();
            Result marked = new Result(recordsDeleted, recordsWaiting, 0, 0, chosen.size(), chosenBytes, 0, need.live(), need.stored());
            if (options.dryRun || cancelled.getAsBoolean()) {
                return marked;
            }
            boolean atOnce = options.grace.isZero();
            List<String> own = new ArrayList<>();
            for (int from = 0; from < chosen.size(); from += MOST_A_MARK) {
                List<Hash> subjects = chosen.subList(from, Math.min(chosen.size(), from + MOST_A_MARK)).stream().map(pack -> pack.pack).toList();
                String name = LiveSessions.publish(repository, Mark.Type.PACKS, subjects, "");
                own.add(name);
                if (atOnce) {
                    due.add(new Resting(name, subjects, now));
                }
            }
            if (due.isEmpty()) {
                return marked;
            }
            repository.refresh();
            Instant since = atOnce && !own.isEmpty() ? repository.storage().now()
                    : due.stream().map(Resting::since).max(Comparator.naturalOrder()).orElse(now);
            settle(options, since, atOnce ? own : List.of());
            return sweep(due, roots, need, atOnce ? new Result(recordsDeleted, recordsWaiting, 0, 0, 0, 0, 0, need.live(), need.stored()) : marked);
        }
    }

    private static Set<Hash> subjects(List<Resting> marks) {
        Set<Hash> all = new HashSet<>();
        marks.forEach(mark -> all.addAll(mark.subjects));
        return all;
    }

    /**
     * What several clients have stored who do not trust each other is kept once only if somebody tells that it is what they
     * say. A key that reads can.
     *
     * @return whether there is something that all may rely on now
     */
    private boolean judge(List<Hash> contested) throws IOException {
        Attester attester = contested.isEmpty() ? null : Attester.of(repository);
        if (attester == null) {
            return false;
        }
        listener.phase("reading what several clients have stored");
        for (Hash bad : attester.readAll(contested, cancelled)) {
            listener.note("the pack " + bad.hex().substring(0, 8) + " does not hold what it says: 'cairn verify --read-data' tells what is hit");
        }
        return attester.finish() > 0;
    }

    /** Rules 7 to 9. */
    private Result sweep(List<Resting> due, Roots known, Need need, Result soFar) throws IOException {
        List<Hash> first = repository.records().list();
        List<Hash> second = repository.records().list();
        Set<Hash> fresh = new HashSet<>(first);
        fresh.addAll(second);
        known.all().forEach(fresh::remove);
        listener.phase("checking what is marked");
        Roots come = Roots.of(repository, List.copyOf(fresh), scratch, false, listener);
        Marks marks = repository.marks();
        marks.requireWhole();
        Set<Hash> going = subjects(due);
        boolean outdated = need.refresh(marks, going);
        if (outdated || !known.broken().isEmpty()) {
            need.restart(going);
            need.reach(known.whole());
        }
        need.reach(come.whole());
        need.reachRest(known.broken());
        need.reachRest(come.broken());
        going.removeIf(pack -> !need.exists(pack));
        listener.phase("copying what is still needed");
        Set<Hash> sources = new HashSet<>(going);
        sources.removeIf(pack -> marks.packSuspect(pack) && !need.isNeeded(pack));
        long copied;
        try (Repacker repacker = new Repacker(repository, need, pack -> need.exists(pack) && !marks.revokesPack(pack) && !marks.packSuspect(pack))) {
            copied = repacker.copyFrom(sources, cancelled);
            going.removeAll(repacker.refused());
        }
        stopIfCancelled();
        listener.phase("deleting");
        long bytes = 0;
        for (Resting mark : due) {
            List<Hash> subjects = mark.subjects.stream().filter(pack -> going.contains(pack) || !need.exists(pack)).toList();
            if (!subjects.isEmpty()) {
                LiveSessions.publish(repository, Mark.Type.PACK_TOMBSTONE, subjects, "");
            }
            for (Hash pack : subjects) {
                bytes += need.size(pack);
                delete(PackFormat.name(pack));
            }
            delete(mark.name); // what could not be copied counts again
        }
        repository.refresh();
        Marks after = repository.marks();
        // a key that not everybody trusts leaves the files of others as they are: tombstones revoke their entries anyway
        byte[] own = repository.keys().signer().publicKey();
        boolean full = repository.keys().canRead();
        repository.index().mergeAll(repository.keys().signer(), by -> full || Arrays.equals(by, own),
                repository.keys().trust()::forContent, after::packTombstoned);
        return new Result(soFar.recordsDeleted, soFar.recordsWaiting, going.size(), bytes, soFar.packsMarked, soFar.bytesMarked, copied,
                soFar.bytesNeeded, soFar.bytesStored);
    }
}
