package cairn.cmd.backup;

import cairn.cli.Command;
import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.RepoLocation;
import cairn.cli.RepoOptions;
import cairn.cli.RepositoryAccess;
import cairn.cli.Sizes;
import cairn.cli.UsageException;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.key.KeyChanges;
import cairn.key.KeyList;
import cairn.key.KeyStore;
import cairn.key.OpenedKeys;
import cairn.pack.Compression;
import cairn.store.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cairn key set}: what all clients of a repository go by. */
@CommandLine.Command(name = "set", description = {
    "Shows or changes what all clients of a repository go by; it stands in the signed key list, so only a full key can change it.",
    "trust=own|all: whether clients rely on content that others with a write key stored, or only on their own, on that of full keys, and on what a full key"
        + " has checked with 'verify --read-data' (own).",
    "share-hashes=no|yes: whether a receiver tells a client that content is there which another client has sent, so that it is not sent"
        + " again. Then clients can find out whether others have a file that they have.",
    "compression=off|fast|auto|1..19 and pack-size=SIZE: what backups use unless they say otherwise."})
public final class KeySetCommand extends Command {
    /** In the key list; {@code yes} or absent. */
    static final String SHARE_HASHES = "share-hashes";

    @Mixin
    private RepoOptions repo;

    @Parameters(arity = "0..*", paramLabel = "SETTING=VALUE", description = "what to change; without any all are shown")
    private List<String> changes = new ArrayList<>();

    @Override
    protected ExitCode run() throws Exception {
        RepoLocation location = repo.location(context());
        Boolean trustAll = null;
        SortedMap<String, String> fresh = new TreeMap<>();
        for (String change : changes) {
            int equals = change.indexOf('=');
            String name = equals < 0 ? change : change.substring(0, equals);
            String value = equals < 0 ? "" : change.substring(equals + 1);
            if (name.equals("trust")) {
                trustAll = oneOf(name, value, "own", "all").equals("all");
            } else {
                fresh.put(name, checked(name, value));
            }
        }
        try (Storage storage = RepositoryAccess.storage(context(), out(), repo, location)) {
            OpenedKeys by = RepositoryAccess.keys(context(), out(), repo, location, storage);
            try {
                KeyList list = by.list();
                if (!changes.isEmpty()) {
                    SortedMap<String, String> settings = new TreeMap<>(list.settings());
                    settings.putAll(fresh);
                    KeyChanges.Change change = KeyChanges.set(by, trustAll == null ? list.trustAll() : trustAll, settings, context().clock().millis());
                    KeyStore.publish(storage, change);
                    list = change.keys().list();
                }
                out().emit(new Settings(list));
            } finally {
                by.wipe();
            }
        }
        return ExitCode.DONE;
    }

    private static String oneOf(String name, String value, String... allowed) throws UsageException {
        for (String each : allowed) {
            if (each.equals(value)) return value;
        }
        throw new UsageException(name + " wants " + String.join(" or ", allowed) + ", not '" + value + "'");
    }

    private static String checked(String name, String value) throws CairnException {
        switch (name) {
            case SHARE_HASHES:
                return oneOf(name, value, "no", "yes");
            case "compression":
                return Compression.parse(value).toString();
            case "pack-size":
                long size = size(value);
                if (size < 1 << 20 || size > 512 << 20) throw new UsageException("pack-size wants 1MiB to 512MiB");
                return Long.toString(size);
            default:
                throw new UsageException("no such setting: '" + name + "'; there are trust, share-hashes, compression and pack-size");
        }
    }

    private static long size(String value) throws UsageException {
        try {
            return Sizes.parse(value);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private record Settings(KeyList list) implements Event {
        @Override
        public String type() {
            return "settings";
        }

        private Map<String, String> all() {
            Map<String, String> all = new TreeMap<>(list.settings());
            all.put("trust", list.trustAll() ? "all" : "own");
            all.putIfAbsent(SHARE_HASHES, "no");
            return all;
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("key_list", list.number());
            for (Map.Entry<String, String> each : all().entrySet()) {
                json.field(each.getKey().replace('-', '_'), each.getValue());
            }
        }

        @Override
        public void text(Line line) throws IOException {
            for (Map.Entry<String, String> each : all().entrySet()) {
                line.text(each.getKey()).text("=").text(each.getValue()).end();
            }
        }
    }
}
