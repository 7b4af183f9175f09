package cairn.key;

import cairn.crypto.Wipe;
import cairn.format.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An unlocked access key with what it gives access to, all of it believed.
 *
 * @param list        the newest key list
 * @param listHash    its hash: with its number the {@link AccessKey.Floor} to remember
 * @param privateKeys of the repository, by number; empty unless the key is full and the repository encrypted
 * @param ringNumber  number of the newest file of the key ring
 */
public record OpenedKeys(AccessKey key, KeyList list, Hash listHash, Map<Integer, byte[]> privateKeys, int ringNumber) {
    public OpenedKeys {
        privateKeys = Map.copyOf(privateKeys);
    }

    /** What clients remember, so that an older list is never believed again. */
    public AccessKey.Floor floor() {
        return new AccessKey.Floor(list.number(), listHash);
    }

    /** Whether every backup can be read: {@code key test}. */
    public boolean canRestoreAll() {
        return key.canRead() && unreadable().isEmpty();
    }

    /** Numbers of the repository's keys whose private key is not there: what was sealed to them cannot be read. */
    public List<Integer> unreadable() {
        List<Integer> missing = new ArrayList<>();
        for (RepositoryKey each : list.repositoryKeys()) {
            if (!privateKeys.containsKey(each.number())) {
                missing.add(each.number());
            }
        }
        return missing;
    }

    public void wipe() {
        key.wipe();
        privateKeys.values().forEach(Wipe::bytes);
    }

    /** Tells no secret. */
    @Override
    public String toString() {
        return key.toString();
    }
}
