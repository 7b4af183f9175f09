package cairn.cmd.backup;

import cairn.cli.Command;
import cairn.cli.ListOptions;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.key.AccessKeyFile;
import cairn.key.KeyList.Member;
import cairn.key.KeyListFile;
import cairn.key.KeyStore;
import cairn.store.Storage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code cairn key list}: the access keys of a repository. */
@CommandLine.Command(name = "list", description = "Lists the access keys of a repository: name, role, and what opens each. Needs no key itself.")
public final class KeyListCommand extends Command {
    @Mixin
    private RepoOptions repo;

    @Mixin
    private ListOptions list;

    @Override
    protected boolean nullTerminated() {
        return list.nullTerminated();
    }

    @Override
    protected ExitCode run() throws Exception {
        List<CairnException> unusable = new ArrayList<>();
        try (Storage storage = RepositoryAccess.storage(context(), out(), repo, repo.location(context()))) {
            Set<String> shown = new HashSet<>();
            for (AccessKeyFile file : KeyStore.list(storage, unusable)) {
                String lock = file.needsPassword() ? KeyEvent.PASSWORD : file.needsKeyFile() ? KeyEvent.KEY_FILE : KeyEvent.NOTHING;
                shown.add(file.name());
                out().emit(new KeyEvent(file.name(), file.role().word(), lock, null, null));
            }
            KeyListFile.Signed list = shown.isEmpty() ? null : KeyStore.unconfirmedList(storage, KeyStore.repositoryId(storage));
            for (Member member : list == null ? List.<Member>of() : list.list().members()) {
                if (member.active() && shown.add(member.name())) {
                    out().emit(new KeyEvent(member.name(), member.role().word(), KeyEvent.CLIENT_KEY, null, null));
                }
            }
        }
        for (CairnException each : unusable) out().warning(each);
        return unusable.isEmpty() ? ExitCode.DONE : ExitCode.DAMAGED;
    }
}
