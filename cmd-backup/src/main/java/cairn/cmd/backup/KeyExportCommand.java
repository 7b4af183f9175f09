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
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.key.AccessKey;
import cairn.key.ClientKey;
import cairn.key.Lock;
import cairn.key.OpenedKeys;
import cairn.key.PaperKey;
import cairn.store.Storage;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cairn key export}: an access key as text: a page that restores, or a file for a client. */
@CommandLine.Command(name = "export", description = {
    "Prints a page that restores all backups even if the machine, its key file and the repository's own keys are lost."
        + " Typed back into a file it is used with --key-file, and 'cairn key test' says whether it was typed right.",
    "With --client it prints the access key that opens the repository now (choose it with --key), for a client that does not reach the"
        + " repository's folder of keys: put into a file it is used with --key-file, by 'backup' and 'send'.",
    "The page is not locked unless --locked is given: whoever has it can read the backups."},
    footer = {"Examples:", "  cairn key export --paper | lpr", "  cairn key export --paper --locked -r /mnt/disk/backups > page.txt",
        "  cairn key export --client --key laptop -r /mnt/disk/backups > laptop.key"})
public final class KeyExportCommand extends Command {
    @Mixin
    private RepoOptions repo;

    @Mixin
    private NewLockOptions lock;

    @Option(names = "--paper", description = "print the page")
    private boolean paper;

    @Option(names = "--client", description = "print the access key as a file for a client")
    private boolean client;

    @Option(names = "--locked", description = "lock it by a password of its own, which is then needed besides")
    private boolean locked;

    @Override
    protected ExitCode run() throws Exception {
        if (paper == client) throw new UsageException("say what to export: --paper or --client");
        if (lock.keyFile() != null) throw new UsageException("what is exported is locked by a password or not at all");
        RepoLocation location = repo.location(context());
        try (Storage storage = RepositoryAccess.storage(context(), out(), repo, location)) {
            OpenedKeys keys = RepositoryAccess.keys(context(), out(), repo, location, storage);
            byte[] password = locked ? lock.password(context()) : null;
            try {
                Lock with = locked ? NewSecret.lock(password) : new Lock.Open();
                if (client) {
                    exportClient(keys.key(), with);
                    return ExitCode.DONE;
                }
                out().emit(new Page("paper_key", keys.key(), locked, PaperKey.print(keys, with, context().clock().instant())));
                context().stdout().flush();
                KeepSafe.notePaper(context(), keys.key().repository());
            } finally {
                Wipe.bytes(password);
                keys.wipe();
            }
        }
        return ExitCode.DONE;
    }

    private void exportClient(AccessKey key, Lock with) throws IOException {
        if (!key.encrypted()) {
            throw new CairnException(ExitCode.REFUSED, "the repository is not encrypted: a client of it needs no key", null);
        }
        out().emit(new Page("client_key", key, locked, ClientKey.print(key, with, context().clock().instant())));
    }

    private record Page(String type, AccessKey key, boolean locked, String page) implements Event {
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
