package cairn.cmd.restore;

import cairn.cli.BackupSelector;
import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.ListOptions;
import cairn.cli.Sizes;
import cairn.cli.Text;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.query.Versions;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.tree.Entry;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cairn versions}: the different contents of a path over all backups. */
@CommandLine.Command(name = "versions", description = {
    "Shows each different content that a file or folder had in the backups, the oldest first: the size (a folder has none), when the first and the last"
    + " backup with it were made, how many there are, and their ids. A path that is not absolute is one below the current folder. A change of"
    + " mode, owner or time alone makes no version of a file."})
public final class VersionsCommand extends ReadingCommand {
    @Parameters(paramLabel = "PATH", arity = "1..*", description = "a file or folder, by its path where it was saved")
    private List<String> operands = List.of();

    @Mixin
    private BackupSelector selector = new BackupSelector();

    @Mixin
    private ListOptions list = new ListOptions();

    @Override
    protected boolean nullTerminated() {
        return list.nullTerminated();
    }

    @Override
    void check() throws IOException {
        selector.selection(context());
    }

    @Override
    ExitCode read(Repository repository) throws IOException {
        List<Backup> backups = select(repository, selector.selection(context()));
        for (String operand : operands) {
            byte[] given = RawString.encode(operand);
            byte[] path = RawPath.normaliseLexically(RawPath.isAbsolute(given) ? given : RawPath.join(context().cwd(), given));
            List<Versions.Version> versions = Versions.of(repository, backups, path,
                    (backup, why) -> damage("'" + Text.printable(path) + "' in " + backup.shortId() + ": ", why));
            if (versions.isEmpty()) {
                throw new CairnException(ExitCode.FAILED, "no backup holds '" + Text.printable(path) + "'",
                        "'cairn find NAME' looks for a name; a path through a symlink must be given as what it leads to");
            }
            for (Versions.Version version : versions) {
                out().emit(new VersionEvent(path, version, operands.size() > 1));
            }
        }
        return ExitCode.DONE;
    }

    private record VersionEvent(byte[] path, Versions.Version version, boolean named) implements Event {
        @Override
        public String type() {
            return "version";
        }

        @Override
        public void text(Line line) throws IOException {
            List<Backup> backups = version.backups();
            line.right(version.entry() instanceof Entry.File file ? Sizes.format(file.size())
                    : version.entry() instanceof Entry.Directory ? "-" : version.entry().type().name().toLowerCase(Locale.ROOT).replace('_', ' '), 10);
            line.text("  ").time(backups.getFirst().time()).text("  ").time(backups.getLast().time()).right(Integer.toString(backups.size()), 5);
            String between = "  ";
            for (Backup backup : backups) {
                line.text(between).text(backup.shortId());
                between = " ";
            }
            if (named) {
                line.text("  ").name(path);
            }
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("path", path).field("first", version.backups().getFirst().time()).field("last", version.backups().getLast().time());
            json.name("backups").beginArray();
            for (Backup backup : version.backups()) {
                json.value(backup.id().hex());
            }
            json.endArray();
            EntryEvent.attributes(json, version.backups().getFirst(), version.entry());
        }
    }
}
