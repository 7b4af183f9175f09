package cairn.cmd.restore;

import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.ListOptions;
import cairn.cli.Text;
import cairn.cli.UsageException;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.query.BackupRef;
import cairn.query.TreeDiff;
import cairn.query.TreeDiff.Change;
import cairn.query.TreePath;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.tree.Entry;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn diff}: compares backups with each other and with what is on disk. */
@CommandLine.Command(name = "diff", description = {
    "Shows what is different in B: one line for each path, + for what only B has, - for what only A has, M for what differs, and in which of"
    + " type, content, mode, owner, group, mtime, xattrs, flags, project, target, device, links. Paths are relative to what is compared; a"
    + " folder ends in a slash.",
    "A is a backup or a folder or file in it. B is another, or a path on disk, which begins with a slash or a dot. Without B, A is compared with"
    + " what is on disk where it was saved, and paths are absolute. Subtrees that two backups share are not read;"
    + " files on disk are read whole, but never from the repository. Folders on disk on which another file system is mounted are passed"
    + " over where A has nothing in them."})
public final class DiffCommand extends ReadingCommand {
    @Parameters(index = "0", paramLabel = "A", arity = "1", description = "BACKUP[:PATH]: an id, latest, NAME@latest or NAME@2026-11-20, and a path in it")
    private String first;

    @Parameters(index = "1", paramLabel = "B", arity = "0..1", description = "BACKUP[:PATH], or a path on disk that begins with / or .")
    private String second;

    @Option(names = "--exit-code", description = "end with status 1 if anything differs")
    private boolean exitCode;

    @Option(names = "--quick", description = "take a file on disk with the same size and time of modification to have the same content")
    private boolean quick;

    @Mixin
    private ListOptions list = new ListOptions();

    private final Map<Change, Long> counts = new EnumMap<>(Change.class);
    private BackupRef older;
    private BackupRef newer;
    private boolean problems;

    @Override
    protected boolean nullTerminated() {
        return list.nullTerminated();
    }

    @Override
    void check() throws IOException {
        older = BackupRef.parse(first);
        if (second != null && second.isEmpty()) {
            throw new UsageException("the second operand is empty");
        }
        newer = second == null || second.startsWith("/") || second.startsWith(".") ? null : BackupRef.parse(second);
    }

    @Override
    ExitCode read(Repository repository) throws IOException {
        Backup backup = resolve(repository, older);
        TreeDiff.Listener listener = new TreeDiff.Listener() {
            @Override
            public void difference(Change change, byte[] path, Entry before, Entry after, List<String> what) throws IOException {
                counts.merge(change, 1L, Long::sum);
                out().emit(new Difference(change, path, before, after, what));
            }

            @Override
            public void problem(byte[] path, String message) {
                problems = true;
                out().warning("'" + Text.printable(path) + "': " + message);
            }
        };
        try (TreeDiff diff = new TreeDiff(repository, quick, listener)) {
            if (second == null) {
                inPlace(repository, backup, diff);
            } else if (newer == null) {
                byte[] disk = RawPath.join(context().cwd(), RawString.encode(second));
                withDisk(diff, TreePath.resolve(repository, backup, older.path()), disk, new byte[0]);
            } else {
                Backup other = resolve(repository, newer);
                diff.run(TreePath.resolve(repository, backup, older.path()), TreePath.resolve(repository, other, newer.path()), new byte[0]);
            }
        }
        out().message(count(Change.ADDED) + " added, " + count(Change.REMOVED) + " removed, " + count(Change.CHANGED) + " changed");
        return exitCode && !counts.isEmpty() ? ExitCode.FAILED : problems ? ExitCode.INCOMPLETE : ExitCode.DONE;
    }

    private long count(Change change) {
        return counts.getOrDefault(change, 0L);
    }

    private void inPlace(Repository repository, Backup backup, TreeDiff diff) throws IOException {
        List<byte[]> paths = older.path() != null ? List.of(RawPath.build(true, TreePath.components(older.path()))) : backup.body().paths();
        if (paths.isEmpty()) {
            throw new CairnException(ExitCode.FAILED, "backup " + backup.shortId() + " was not made of files on this disk", "give a second operand");
        }
        for (byte[] path : paths) {
            Entry saved = TreePath.find(repository, backup, path);
            if (saved == null && older.path() == null) {
                out().message("'" + Text.printable(path) + "' is not in the backup");
            } else {
                withDisk(diff, saved != null ? saved : TreePath.resolve(repository, backup, path), path, path);
            }
        }
    }

    private static void withDisk(TreeDiff diff, Entry saved, byte[] disk, byte[] shown) throws IOException {
        try {
            diff.run(saved, disk, shown);
        } catch (PosixException e) {
            throw new CairnException(ExitCode.FAILED, "cannot compare with '" + Text.printable(disk) + "': " + e.reason(), null, e);
        }
    }

    private record Difference(Change change, byte[] path, Entry before, Entry after, List<String> what) implements Event {
        @Override
        public String type() {
            return "difference";
        }

        @Override
        public void text(Line line) throws IOException {
            line.text(switch (change) {
                case ADDED -> "+ ";
                case REMOVED -> "- ";
                case CHANGED -> "M ";
            }).name(path);
            boolean slash = path.length > 0 && path[path.length - 1] == '/';
            line.text(TreeDiff.isFolder(after != null ? after : before) && !slash ? "/" : "");
            if (!what.isEmpty()) {
                line.text(" (").text(String.join(", ", what)).text(")");
            }
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("change", change.name().toLowerCase(Locale.ROOT)).field("path", path).name("what").beginArray();
            for (String word : what) {
                json.value(word);
            }
            json.endArray();
            entry(json, "before", before);
            entry(json, "after", after);
        }

        private static void entry(JsonWriter json, String name, Entry entry) throws IOException {
            if (entry != null) {
                json.name(name).beginObject();
                EntryEvent.attributes(json, null, entry);
                json.endObject();
            }
        }
    }
}
