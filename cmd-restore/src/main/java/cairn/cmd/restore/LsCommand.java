package cairn.cmd.restore;

import cairn.cli.ListOptions;
import cairn.error.ExitCode;
import cairn.posix.RawPath;
import cairn.query.BackupRef;
import cairn.query.TreePath;
import cairn.query.TreeWalk;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.tree.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn ls}: shows what is in a folder of a backup. */
@CommandLine.Command(name = "ls", description = {
    "Shows what is in a folder of a backup, one entry a line; without a path, what is in its root. Symlinks are not followed.",
    "With -l: type and mode, + for an access control list or @ for other extended attributes, owner, group, size, time of modification, name."})
public final class LsCommand extends ReadingCommand {
    @Parameters(paramLabel = "BACKUP[:PATH]", arity = "1..*", description = "an id, latest, NAME@latest or NAME@2026-11-20, and a path in it")
    private List<String> operands = List.of();

    @Option(names = {"-l", "--long"}, description = "show mode, owners, size and time, and where symlinks point to")
    private boolean detailed;

    @Option(names = {"-R", "--recursive"}, description = "show everything below, by path")
    private boolean recursive;

    @Option(names = {"-d", "--directory"}, description = "show a folder itself, not what is in it")
    private boolean itself;

    @Option(names = "--numeric-ids", description = "show owners by number")
    private boolean numeric;

    @Mixin
    private ListOptions list = new ListOptions();

    private final List<BackupRef> refs = new ArrayList<>();

    @Override
    protected boolean nullTerminated() {
        return list.nullTerminated();
    }

    @Override
    void check() throws IOException {
        for (String operand : operands) {
            refs.add(BackupRef.parse(operand));
        }
    }

    @Override
    ExitCode read(Repository repository) throws IOException {
        for (BackupRef ref : refs) {
            Backup backup = resolve(repository, ref);
            Entry entry = TreePath.resolve(repository, backup, ref.path());
            byte[] path = RawPath.build(true, TreePath.components(ref.path()));
            if (!itself && entry instanceof Entry.Directory folder) {
                show(repository, backup, folder, path);
            } else {
                out().emit(new EntryEvent(backup, path, path, entry, detailed, numeric));
            }
        }
        return ExitCode.DONE;
    }

    private void show(Repository repository, Backup backup, Entry.Directory folder, byte[] path) throws IOException {
        TreeWalk walk = new TreeWalk(repository.trees(), folder, new byte[0], (at, why) -> damage(RawPath.join(path, at), why));
        while (walk.next()) {
            if (!recursive) {
                walk.skip();
            }
            byte[] absolute = out().json() ? RawPath.join(path, walk.path()) : null;
            out().emit(new EntryEvent(backup, walk.path(), absolute, walk.entry(), detailed, numeric));
        }
    }
}
