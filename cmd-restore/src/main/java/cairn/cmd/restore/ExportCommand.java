package cairn.cmd.restore;

import cairn.cli.CacheOptions;
import cairn.cli.ProgressLine;
import cairn.cli.ProgressState;
import cairn.cli.Text;
import cairn.cli.UsageException;
import cairn.error.ExitCode;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.query.ArchiveWriter;
import cairn.query.BackupRef;
import cairn.query.ContentAhead;
import cairn.query.FileOutput;
import cairn.query.TarWriter;
import cairn.query.TreePath;
import cairn.query.TreeWalk;
import cairn.query.ZipWriter;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.tree.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn export}: writes a backup as an archive of another program. */
@CommandLine.Command(name = "export", description = {
    "Writes a backup, or a folder or file in it, as an archive to standard output or a file. Paths in it are those of a restore: of a whole backup"
    + " without the slash in front, of a folder relative to it.",
    "A tar archive is in the pax format and holds everything but sockets and inode flags; unpack it with 'tar -x --xattrs --xattrs-include=* --acls' or"
    + " 'bsdtar -xp'. A zip archive holds files, folders and symlinks with mode, owner and time; hard links become files of their own."
    + " What the format cannot hold is named, and the command ends with status 3."})
public final class ExportCommand extends ReadingCommand {
    @Parameters(paramLabel = "BACKUP[:PATH]", arity = "1", description = "an id, latest, NAME@latest or NAME@2026-11-20, and a path in it")
    private String operand;

    @Option(names = "--format", paramLabel = "FORMAT", description = "tar or zip; else by the name of the file, else tar")
    private String format;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "write to a file, which is replaced; else to standard output")
    private String output;

    @Mixin
    private CacheOptions cache = new CacheOptions();

    @Override
    CacheOptions cacheOptions() {
        return cache;
    }

    private BackupRef ref;
    private boolean leftOut;

    @Override
    void check() throws IOException {
        ref = BackupRef.parse(operand);
        if (format == null) {
            format = output != null && output.endsWith(".zip") ? "zip" : "tar";
        }
        if (!format.equals("tar") && !format.equals("zip")) {
            throw new UsageException("--format wants tar or zip, not '" + Text.oneLine(format) + "'");
        }
        if (toStdout() && onTerminal()) {
            throw new UsageException("an archive on a terminal is of no use: give a file with -o, or use a pipe");
        }
    }

    private boolean toStdout() {
        return output == null || output.equals("-");
    }

    @Override
    ExitCode read(Repository repository) throws IOException {
        Backup backup = resolve(repository, ref);
        Entry top = TreePath.resolve(repository, backup, ref.path());
        if (toStdout()) {
            write(repository, backup, top, context().stdout());
        } else {
            try (OutputStream file = new FileOutput(RawPath.join(context().cwd(), RawString.encode(output)))) {
                write(repository, backup, top, file);
            }
        }
        return leftOut ? ExitCode.INCOMPLETE : ExitCode.DONE;
    }

    private void write(Repository repository, Backup backup, Entry top, OutputStream out) throws IOException {
        AtomicLong entries = new AtomicLong();
        AtomicReference<byte[]> current = new AtomicReference<>();
        ArchiveWriter.Listener listener = new ArchiveWriter.Listener() {
            @Override
            public void cannotHold(byte[] path, String why) {
                leftOut = true;
                out().warning("'" + Text.printable(path) + "' " + why);
            }

            @Override
            public void damaged(byte[] path, IOException why) {
                damage("'" + Text.printable(path) + "' has zeros where it is damaged: ", why);
            }
        };
        try (ArchiveWriter writer = format.equals("zip") ? new ZipWriter(repository, out, listener, scratch(cache))
                : new TarWriter(repository, new ArchiveWriter.Names(backup.body().users(), backup.body().groups()), out, listener);
                ProgressLine line = out().progress(() -> new ProgressState(null, 0, -1, entries.get(), -1, current.get()))) {
            if (top instanceof Entry.Directory folder) {
                if (TreePath.components(ref.path()).length > 0) {
                    writer.add(new byte[] {'.'}, top);
                }
                TreeWalk walk = new TreeWalk(repository.trees(), folder, new byte[0], (at, why) -> damage(at.length == 0 ? new byte[] {'.'} : at, why));
                ContentAhead ahead = ContentAhead.of(repository, folder);
                while (walk.next()) {
                    ahead.reached(walk.entry());
                    current.lazySet(walk.path());
                    writer.add(walk.path(), walk.entry());
                    entries.incrementAndGet();
                }
            } else {
                writer.add(top.name(), top);
            }
            writer.finish();
        }
    }
}
