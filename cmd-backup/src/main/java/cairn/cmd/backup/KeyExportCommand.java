package cairn.cmd.backup;

import cairn.cli.Command;
import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.KeepSafe;
import cairn.cli.Line;
import cairn.cli.NewSecret;
import cairn.cli.RepoLocation;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.UsageException;
import cairn.crypto.Wipe;
import cairn.error.ExitCode;
import cairn.key.AccessKey;
import cairn.key.Lock;
import cairn.key.OpenedKeys;
import cairn.key.PaperKey;
import cairn.store.Storage;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cairn key export}: a full key as a page of text. */
@CommandLine.Command(name = "export", description = {
    "Prints a page that restores all backups even if the machine, its key file and the repository's own keys are lost."
        + " Typed back into a file it is used with --key-file, and 'cairn key test' says whether it was typed right.",
    "The page is not locked unless --locked is given: whoever has it can read the backups."},
    footer = {"Examples:", "  cairn key export --paper | lpr", "  cairn key export --paper --locked -r /mnt/disk/backups > page.txt"})
public final class KeyExportCommand extends Command {
    @Mixin
    private RepoOptions repo;

    @Mixin
    private NewLockOptions lock;

    @Option(names = "--paper", description = "print the page; the only form of export that there is")
    private boolean paper;

    @Option(names = "--locked", description = "lock the page by a password of its own, which is then needed besides")
    private boolean locked;

    @Override
    protected ExitCode run() throws Exception {
        if (!paper) throw new UsageException("say what to export: --paper");
        if (lock.keyFile() != null) throw new UsageException("a page is locked by a password or not at all");
        RepoLocation location = repo.location(context());
        try (Storage storage = RepositoryAccess.storage(context(), out(), repo, location)) {
            OpenedKeys keys = RepositoryAccess.keys(context(), out(), repo, location, storage);
            byte[] password = locked ? lock.password(context()) : null;
            try {
                Lock with = locked ? NewSecret.lock(password) : new Lock.Open();
                out().emit(new Page(keys.key(), locked, PaperKey.print(keys, with, context().clock().instant())));
                context().stdout().flush();
                KeepSafe.notePaper(context(), keys.key().repository());
            } finally {
                Wipe.bytes(password);
                keys.wipe();
            }
        }
        return ExitCode.DONE;
    }

    private record Page(AccessKey key, boolean locked, String page) implements Event {
        @Override
        public String type() {
            return "paper_key";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("repository", key.repository().hex()).field("key", key.name()).field("locked", locked).field("page", page);
        }

        @Override
        public void text(Line line) throws IOException {
            line.text(page.stripTrailing());
        }
    }
}
