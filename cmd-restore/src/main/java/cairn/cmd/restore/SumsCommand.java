package cairn.cmd.restore;

import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.ListOptions;
import cairn.cli.Text;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.Hash;
import cairn.posix.RawPath;
import cairn.query.BackupRef;
import cairn.query.ChecksumLine;
import cairn.query.Damage;
import cairn.query.ContentAhead;
import cairn.query.FileContent;
import cairn.query.Sha256;
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
import picocli.CommandLine.Parameters;

/** {@code cairn sums}: writes checksums of files as sha256sum does. */
@CommandLine.Command(name = "sums", description = {
    "Reads files of a backup and writes a line for each that 'sha256sum -c' accepts; with -0 lines as 'sha256sum -z' writes them."
    + " Paths are relative to the place where 'cairn restore' would put them: 'cd DIR && cairn sums latest | sha256sum -c --quiet' checks"
    + " what 'cairn restore latest --target DIR' brought back, and in / it checks the files that were saved.",
    "A file that is damaged is named on standard error, and the command ends with status 4."})
public final class SumsCommand extends ReadingCommand {
    @Parameters(paramLabel = "BACKUP[:PATH]", arity = "1..*", description = "an id, latest, NAME@latest or NAME@2026-11-20, and a path in it")
    private List<String> operands = List.of();

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
        try (FileContent content = new FileContent(repository)) {
            for (BackupRef ref : refs) {
                Backup backup = resolve(repository, ref);
                Entry entry = TreePath.resolve(repository, backup, ref.path());
                byte[] path = RawPath.build(true, TreePath.components(ref.path()));
                switch (entry) {
                    case Entry.File file -> sum(content, backup, file, file.name(), path);
                    case Entry.Directory folder -> {
                        TreeWalk walk = new TreeWalk(repository.trees(), folder, new byte[0], (at, why) -> damage(RawPath.join(path, at), why));
                        ContentAhead ahead = ContentAhead.of(repository, folder);
                        while (walk.next()) {
                            ahead.reached(walk.entry());
                            if (walk.entry() instanceof Entry.File file) {
                                sum(content, backup, file, walk.path(), RawPath.join(path, walk.path()));
                            }
                        }
                    }
                    default -> throw new CairnException(ExitCode.FAILED, "'" + Text.printable(path) + "' is neither a file nor a folder",
                            "name a file or a folder");
                }
            }
        }
        return ExitCode.DONE;
    }

    private void sum(FileContent content, Backup backup, Entry.File file, byte[] shown, byte[] path) throws IOException {
        Sha256 sum = new Sha256();
        try {
            content.read(file, sum);
        } catch (CairnException e) {
            Damage.orThrow(e);
            damage(path, e);
            return;
        }
        out().emit(new Sum(backup.id(), sum.hex(), shown, path, file.size(), !list.nullTerminated()));
    }

    private record Sum(Hash backup, String sha256, byte[] shown, byte[] path, long size, boolean escape) implements Event {
        @Override
        public String type() {
            return "sum";
        }

        @Override
        public void text(Line line) throws IOException {
            line.text(escape && ChecksumLine.needsEscape(shown) ? "\\" : "").text(sha256).text("  ").name(ChecksumLine.name(shown, escape));
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("backup", backup.hex()).field("path", path).field("sha256", sha256).field("size", size);
        }
    }
}
