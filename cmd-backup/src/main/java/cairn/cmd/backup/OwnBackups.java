package cairn.cmd.backup;

import cairn.crypto.Ed25519;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.record.RecordFile;
import cairn.repo.LocalTrees;
import cairn.store.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The backup that {@code --base} names, among those whose trees this client keeps on its own disk.
 *
 * @param text    {@code latest}, {@code NAME@latest}, or how an id begins
 * @param host    whose backups {@code latest} means
 * @param storage of the repository, to find a backup by the id that its receiver gave it; or null
 */
record OwnBackups(String text, String host, Storage storage, RepositoryId repository) {
    private static final String LATEST = "latest";

    LocalTrees.Kept choose(List<LocalTrees.Kept> kept) throws IOException {
        List<LocalTrees.Kept> found = new ArrayList<>();
        boolean byId = text.matches("[0-9a-fA-F]{4,64}");
        if (byId) {
            String begin = text.toLowerCase(Locale.ROOT);
            List<Hash> received = storage == null ? List.of() : received(begin);
            kept.stream().filter(each -> each.written().hex().startsWith(begin) || received.contains(each.written())).forEach(found::add);
        } else {
            String name = text.equals(LATEST) ? null : text.endsWith("@" + LATEST) ? text.substring(0, text.length() - LATEST.length() - 1) : "";
            if ("".equals(name)) {
                throw new CairnException(ExitCode.USAGE, "--base wants latest, NAME@latest or an id where the backup cannot be read", null);
            }
            for (LocalTrees.Kept each : kept) {
                boolean mine = each.body().host().equals(host) && (name == null || each.body().name().equals(name));
                if (mine && !each.record().head().partial()) {
                    found.add(each);
                }
            }
        }
        if (found.isEmpty() || byId && found.size() > 1) {
            throw new CairnException(ExitCode.FAILED, "this client keeps the trees of no " + (found.isEmpty() ? "" : "single ") + "backup '" + text + "'",
                    "send without --base: the next one can then build on that");
        }
        return found.getLast();
    }

    /** What writers know backups by whose id in the repository begins so. */
    private List<Hash> received(String begin) throws IOException {
        List<String> names = new ArrayList<>();
        storage.list(Kind.RECORD.folder() + "/", file -> names.add(file.name()));
        List<Hash> written = new ArrayList<>();
        for (String name : names) {
            if (name.substring(name.lastIndexOf('/') + 1).startsWith(begin)) {
                written.add(RecordFile.decode(storage.readAll(name, RecordFile.LARGEST), repository, Ed25519::verify, name).written());
            }
        }
        return written;
    }
}
