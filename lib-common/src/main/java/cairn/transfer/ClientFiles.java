package cairn.transfer;

import cairn.error.CairnException;
import cairn.format.Envelope;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.format.Signer;
import cairn.key.KeyList;
import cairn.key.Role;
import cairn.record.RecordFile;
import cairn.store.Storage;
import cairn.store.StoredFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which files of a repository one client may see: its own access key, the key list, all marks (they name packs and
 * sessions, and a writer must obey them), and of the rest what its own key signed. For any number of threads.
 */
final class ClientFiles {
    private final Storage storage;
    private final RepositoryId repository;
    private final KeyList.Member client;
    /** Whether the client signed a file; only of files that never change. */
    private final Map<String, Boolean> known = new ConcurrentHashMap<>();

    ClientFiles(Storage storage, RepositoryId repository, KeyList.Member client) {
        this.storage = storage;
        this.repository = repository;
        this.client = client;
    }

    boolean isOwn(byte[] signer) {
        return signer != null && Arrays.equals(signer, client.signingKey());
    }

    /** Whether a file that is there may be seen. One whose signer cannot be told may not. */
    boolean sees(String name) throws IOException {
        int slash = name.indexOf('/');
        String base = name.substring(slash + 1);
        return switch (slash < 0 ? "" : name.substring(0, slash)) {
            case "" -> name.equals("cairn.toml");
            case "keylist", "marks" -> true;
            case "keyring" -> client.role() == Role.FULL;
            case "keys" -> base.equals(client.name()) || base.startsWith(client.name() + ".");
            case "packs", "index", "sessions" -> signed(name, null);
            case "backups" -> record(name);
            default -> false;
        };
    }

    /** @param file as a listing shows it, or null */
    private boolean signed(String name, StoredFile file) throws IOException {
        Boolean own = known.get(name);
        if (own == null) {
            StoredFile there = file != null ? file : storage.stat(name).orElse(null);
            own = there != null && there.size() >= Envelope.HEADER + Envelope.SIGNED_FOOTER && isOwn(signerOf(there));
            if (there != null) {
                known.put(name, own);
            }
        }
        return own;
    }

    private byte[] signerOf(StoredFile file) throws IOException {
        byte[] header = new byte[Envelope.HEADER];
        byte[] signer = new byte[Signer.PUBLIC_KEY_BYTES];
        try {
            storage.read(file.name(), 0, header, 0, header.length);
            if (!Envelope.readHeader(header, 0, header.length, kind(file.name()), repository, file.name()).signed()) {
                return null;
            }
            storage.read(file.name(), file.size() - Envelope.SIGNED_FOOTER + Envelope.FOOTER, signer, 0, signer.length);
            return signer;
        } catch (CairnException damagedOrGone) {
            return null;
        }
    }

    private static Kind kind(String name) {
        return name.startsWith("packs/") ? Kind.PACK : name.startsWith("index/") ? Kind.INDEX : Kind.SESSION;
    }

    private boolean record(String name) throws IOException {
        Boolean own = known.get(name);
        if (own == null) {
            try {
                RecordFile record = RecordFile.decode(storage.readAll(name, RecordFile.LARGEST), repository, null, name);
                own = isOwn(record.signer()) && record.id().equals(Hash.parse(name.substring(name.indexOf('/') + 1)));
            } catch (CairnException damagedOrGone) {
                return false;
            }
            known.put(name, own);
        }
        return own;
    }

    /** Whether a file of a listing may be seen. */
    boolean sees(StoredFile file) throws IOException {
        String name = file.name();
        return name.startsWith("packs/") || name.startsWith("index/") || name.startsWith("sessions/") ? signed(name, file) : sees(name);
    }
}
