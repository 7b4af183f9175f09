package cairn.cmd.restore;

import cairn.cli.Text;
import cairn.cli.UsageException;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawPath;
import cairn.query.BackupRef;
import cairn.query.FileContent;
import cairn.query.TreePath;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.tree.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code cairn cat}: writes the content of files to standard output. */
@CommandLine.Command(name = "cat", description = {
    "Writes the content of files of backups to standard output, one after the other, as it was saved; holes are written as zeros."
    + " With --json messages and errors are JSON, the content stays as it is."})
public final class CatCommand extends ReadingCommand {
    @Parameters(paramLabel = "BACKUP:PATH", arity = "1..*", description = "a file in a backup, such as latest:/etc/fstab")
    private List<String> operands = List.of();

    private final List<BackupRef> refs = new ArrayList<>();

    @Override
    void check() throws IOException {
        for (String operand : operands) {
            BackupRef ref = BackupRef.parse(operand);
            if (ref.path() == null) {
                throw new UsageException("'" + Text.oneLine(operand) + "' names no file: write " + Text.oneLine(operand) + ":PATH");
            }
            refs.add(ref);
        }
    }

    @Override
    ExitCode read(Repository repository) throws IOException {
        List<Entry.File> files = new ArrayList<>();
        for (BackupRef ref : refs) {
            files.add(file(repository, resolve(repository, ref), ref.path()));
        }
        try (FileContent content = new FileContent(repository)) {
            for (Entry.File file : files) {
                content.copy(file, context().stdout());
            }
        }
        return ExitCode.DONE;
    }

    /** The file that a path in a backup names. */
    static Entry.File file(Repository repository, Backup backup, byte[] path) throws IOException {
        Entry entry = TreePath.resolve(repository, backup, path);
        if (entry instanceof Entry.File file) {
            return file;
        }
        String shown = Text.printable(RawPath.build(true, TreePath.components(path)));
        String what = entry.type().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String remedy = switch (entry) {
            case Entry.Directory directory -> "'cairn ls " + backup.shortId() + ":" + shown + "' shows what is in it, 'cairn export' writes it as an archive";
            case Entry.Symlink link -> "it points to '" + Text.printable(link.target()) + "'";
            default -> null;
        };
        throw new CairnException(ExitCode.FAILED, "'" + shown + "' in backup " + backup.shortId() + " is no file but a " + what, remedy);
    }
}
