package cairn.cmd.restore;

import cairn.cli.BackupSelector;
import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.ListOptions;
import cairn.cli.Text;
import cairn.cli.UsageException;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawString;
import cairn.query.Finder;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.tree.Entry;
import cairn.walk.pattern.PatternSet;
import cairn.walk.pattern.PatternSetBuilder;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn find}: looks for names in all backups. */
@CommandLine.Command(name = "find", description = {
    "Looks for files and folders in all backups, by patterns as in .gitignore: a pattern without a slash is compared with names, one with"
    + " a slash with whole paths. See cairn-patterns(7).",
    "Shows one path a line: the id of the newest backup that holds it, how many backups hold it, the path. With -l one line for each path and"
    + " backup, oldest first: id, time, host, path."})
public final class FindCommand extends ReadingCommand {
    @Parameters(paramLabel = "PATTERN", arity = "1..*",
            description = "such as '*.odt', 'Documents/' or '/etc/**/*.conf'; of several the last that matches decides, !PATTERN takes out again")
    private List<String> patterns = List.of();

    @Option(names = {"-l", "--long"}, description = "show each backup that holds a path on a line of its own")
    private boolean detailed;

    @Mixin
    private BackupSelector selector = new BackupSelector();

    @Mixin
    private ListOptions list = new ListOptions();

    private PatternSet set;

    @Override
    protected boolean nullTerminated() {
        return list.nullTerminated();
    }

    @Override
    void check() throws IOException {
        selector.selection(context());
        PatternSetBuilder builder = new PatternSetBuilder();
        for (String pattern : patterns) {
            builder.addArgument(RawString.encode(pattern));
        }
        set = builder.build();
        for (PatternSet.Problem problem : set.problems()) {
            throw new UsageException("the pattern '" + Text.printable(problem.pattern()) + "' matches nothing: " + problem.reason());
        }
    }

    @Override
    ExitCode read(Repository repository) throws IOException {
        List<Backup> backups = select(repository, selector.selection(context()));
        boolean[] any = new boolean[1];
        new Finder(repository, backups, set).run(new Finder.Found() {
            @Override
            public void found(byte[] path, Entry newest, BitSet holders) throws IOException {
                any[0] = true;
                show(backups, path, newest, holders);
            }

            @Override
            public void damaged(byte[] path, BitSet holders, CairnException why) {
                damage("'" + Text.printable(path) + "' in " + backups.get(holders.length() - 1).shortId() + ": ", why);
            }
        });
        if (!any[0]) {
            out().message("nothing found in " + backups.size() + (backups.size() == 1 ? " backup" : " backups"));
        }
        return ExitCode.DONE;
    }

    private void show(List<Backup> backups, byte[] path, Entry newest, BitSet holders) throws IOException {
        if (!detailed || out().json()) {
            out().emit(new Match(backups, path, newest, holders));
            return;
        }
        for (int i = holders.nextSetBit(0); i >= 0; i = holders.nextSetBit(i + 1)) {
            out().emit(new Holder(backups.get(i), path));
        }
    }

    private record Match(List<Backup> backups, byte[] path, Entry newest, BitSet holders) implements Event {
        @Override
        public String type() {
            return "match";
        }

        @Override
        public void text(Line line) throws IOException {
            line.text(backups.get(holders.length() - 1).shortId()).right(Integer.toString(holders.cardinality()), 5).text("  ").name(path);
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("path", path).name("backups").beginArray();
            for (int i = holders.nextSetBit(0); i >= 0; i = holders.nextSetBit(i + 1)) {
                json.value(backups.get(i).id().hex());
            }
            json.endArray();
            EntryEvent.attributes(json, backups.get(holders.length() - 1), newest);
        }
    }

    private record Holder(Backup backup, byte[] path) implements Event {
        @Override
        public String type() {
            return "holder";
        }

        @Override
        public void text(Line line) throws IOException {
            line.text(backup.shortId()).text("  ").time(backup.time()).text("  ").text(Text.oneLine(backup.body().host())).text("  ").name(path);
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("backup", backup.id().hex()).field("time", backup.time()).field("host", backup.body().host()).field("path", path);
        }
    }
}
