package cairn.repo;

import cairn.format.Bytes;
import cairn.format.DamagedException;
import cairn.format.Hash;
import cairn.pack.PackFormat;
import cairn.pack.PackReader;
import cairn.store.Storage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The keys of the sections of packs that were read lately; a bounded number of packs is remembered. */
public final class PackKeys {
    private static final int MOST = 4096;

    private final Storage storage;
    private final RepositoryKeys keys;
    private final Map<Hash, byte[][]> cache = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash, byte[][]> eldest) {
            return size() > MOST;
        }
    };

    PackKeys(Storage storage, RepositoryKeys keys) {
        this.storage = storage;
        this.keys = keys;
    }

    /** The key for a frame of a pack, or null if the pack is not sealed. */
    public byte[] keyFor(Hash pack, byte[] frame, int offset) throws IOException {
        byte[][] sections;
        synchronized (cache) {
            sections = cache.get(pack);
        }
        if (sections == null) {
            sections = open(PackReader.readHead(storage, keys.repository(), pack));
            synchronized (cache) {
                cache.put(pack, sections);
            }
        }
        if (sections.length == 0) {
            return null;
        }
        int number = Bytes.getShort(frame, offset + 2);
        if (number >= sections.length) {
            throw new DamagedException(PackFormat.name(pack), "has a frame of a section that is not there");
        }
        return sections[number];
    }

    private byte[][] open(PackFormat.Head head) throws IOException {
        byte[][] sections = new byte[head.sections().size()][];
        for (int i = 0; i < sections.length; i++) {
            sections[i] = keys.packKey(head.sections().get(i));
        }
        return sections;
    }
}
