package cairn.cmd.restore;

import cairn.cli.CacheOptions;
import cairn.cli.Command;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.Text;
import cairn.cli.ThisHost;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.query.BackupRef;
import cairn.query.Selection;
import cairn.repo.Backup;
import cairn.repo.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;

/** A command that opens a repository and only reads it. */
abstract class ReadingCommand extends Command {
    @Mixin
    private RepoOptions repo = new RepoOptions();

    private boolean damaged;

    /** The cache options of the command, if it has any. */
    CacheOptions cacheOptions() {
        return new CacheOptions();
    }

    /** Does the work. Damage that did not end it is told by {@link #damage}. */
    abstract ExitCode read(Repository repository) throws IOException;

    /** Checks what can be checked before a password is asked for. */
    void check() throws IOException {
    }

    /** Opens the repository with a key that can read. */
    Repository open(RepoOptions options) throws IOException {
        return RepositoryAccess.openToRead(context(), out(), options);
    }

    @Override
    protected final ExitCode run() throws IOException {
        check();
        try (Repository repository = open(repo.with(cacheOptions()))) {
            ExitCode code = read(repository);
            for (CairnException unusable : repository.unusableIndexFiles()) {
                out().warning(unusable);
            }
            return damaged && code == ExitCode.DONE ? ExitCode.DAMAGED : code;
        }
    }

    /** Says that a part is damaged; the command goes on and ends with the status for damage. */
    final void damage(String what, IOException why) {
        damaged = true;
        out().warning(what + why.getMessage());
    }

    final void damage(byte[] path, IOException why) {
        damage("'" + Text.printable(path) + "': ", why);
    }

    /** A folder for temporary files; null for the system's. */
    final Path scratch(CacheOptions cache) {
        try {
            return RepositoryAccess.scratch(cache.dir(context()));
        } catch (CairnException noHome) {
            return null;
        }
    }

    final Backup resolve(Repository repository, BackupRef ref) throws IOException {
        return ref.resolve(repository, context().zone(), ThisHost.name());
    }

    /** The backups chosen; records that cannot be read are told. */
    final List<Backup> select(Repository repository, Selection selection) throws IOException {
        return selection.select(repository, (id, why) -> damage("", why));
    }

    final boolean onTerminal() {
        return context().terminal().stdout();
    }
}
