package cairn.cmd.restore;

import cairn.cli.BackupSelector;
import cairn.cli.DurationConverter;
import cairn.cli.Durations;
import cairn.cli.ListOptions;
import cairn.cli.RepoOptions;
import cairn.cli.Text;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.query.Selection;
import cairn.repo.Backup;
import cairn.repo.Repository;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn list}: shows the backups of a repository. */
@CommandLine.Command(name = "list", description = {
    "Shows one backup a line, the oldest first: id, time, host, name, size of the files, flags and tags, and the paths that were saved."
    + " The flag stream means that it holds the output of commands, partial that it was interrupted, incomplete that some entries could not"
    + " be read, in-doubt that it was"
    + " published too late to be sure that all of it is there.",
    "With --max-age it is a check for monitors: it shows the newest complete backup (of each NAME), and ends with status 1 if that is older."})
public final class ListCommand extends ReadingCommand {
    @Parameters(paramLabel = "NAME", arity = "0..*", description = "only backups of this name, or of this host where none has the name")
    private List<String> wanted = List.of();

    @Option(names = "--max-age", paramLabel = "AGE", converter = DurationConverter.class,
            description = "end with status 1 unless the newest complete backup is younger: 26h, 2d")
    private Duration maxAge;

    @Mixin
    private BackupSelector selector = new BackupSelector();

    @Mixin
    private ListOptions list = new ListOptions();

    @Override
    protected boolean nullTerminated() {
        return list.nullTerminated();
    }

    @Override
    Repository open(RepoOptions options) throws IOException {
        return super.open(options.recordsOnly());
    }

    @Override
    void check() throws IOException {
        selector.selection(context());
    }

    @Override
    ExitCode read(Repository repository) throws IOException {
        Selection selection = selector.selection(context());
        List<Backup> all = select(repository, selection);
        if (maxAge != null) {
            return monitor(all);
        }
        List<Backup> shown = wanted.isEmpty() ? all : new ArrayList<>();
        for (String name : wanted) {
            List<Backup> named = named(all, name);
            if (named.isEmpty()) {
                throw new CairnException(ExitCode.FAILED, "no backup of the name or host '" + Text.oneLine(name) + "'", "'cairn list' shows all");
            }
            shown.addAll(named);
        }
        if (shown.isEmpty()) {
            out().message(selector.all() ? "no backups yet" : "no backup is of this kind");
        }
        BackupEvent.Columns columns = BackupEvent.Columns.of(shown);
        for (Backup backup : shown) {
            out().emit(new BackupEvent(backup, columns));
        }
        return ExitCode.DONE;
    }

    private static List<Backup> named(List<Backup> all, String name) {
        List<Backup> named = all.stream().filter(backup -> backup.body().name().equals(name)).toList();
        return !named.isEmpty() ? named : all.stream().filter(backup -> backup.body().host().equals(name)).toList();
    }

    private ExitCode monitor(List<Backup> all) throws IOException {
        Instant now = context().clock().instant();
        List<String> late = new ArrayList<>();
        List<Backup> newest = new ArrayList<>();
        for (String name : wanted.isEmpty() ? List.of("") : wanted) {
            String of = name.isEmpty() ? "" : " of '" + Text.oneLine(name) + "'";
            List<Backup> complete = (name.isEmpty() ? all : named(all, name)).stream().filter(b -> !b.partial() && !b.inDoubt()).toList();
            if (complete.isEmpty()) {
                late.add("there is no complete backup" + of);
                continue;
            }
            newest.add(complete.getLast());
            Duration age = Duration.between(complete.getLast().time(), now);
            if (age.compareTo(maxAge) > 0) {
                late.add("the newest complete backup" + of + " is " + Durations.format(age) + " old");
            }
        }
        BackupEvent.Columns columns = BackupEvent.Columns.of(newest);
        for (Backup backup : newest) {
            out().emit(new BackupEvent(backup, columns));
        }
        if (!late.isEmpty()) {
            throw new CairnException(ExitCode.FAILED, String.join("; ", late), null);
        }
        return ExitCode.DONE;
    }
}
