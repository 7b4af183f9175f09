package cairn.key;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.DamagedException;
import cairn.key.KeyListFile.Signed;
import java.util.Arrays;
import java.util.List;

/**
 * Which key list to believe. The storage may hold back lists, alter them or add its own, so:
 *
 * <ol>
 * <li>The walk begins at the list whose number and hash the access key holds, or a later one that this client has
 *     already believed. If that list is gone or another, nothing is believed: the storage was rolled back or replaced.
 * <li>{@code keylist/1} must be signed by the verifying key that the access key holds.
 * <li>Each next list must name the hash of the one before, carry the signature of a key that the one before names as
 *     full and active, and keep every repository key and every member of the one before; a key that was retired or
 *     revoked never comes back.
 * <li>Numbers have no gaps. The last list is the one that counts.
 * </ol>
 *
 * A storage that hides the newest lists from a client that never saw them cannot be found out by this; clients keep
 * the number and hash of the last list they believed beside their cache.
 */
public final class KeyListChain {
    private KeyListChain() {
    }

    /**
     * The newest list, believed.
     *
     * @param lists all from {@code floor.number()} on, in order, as {@link KeyListFile#read} gave them
     * @param floor the access key's, or a later one that was believed before
     */
    public static Signed verify(List<Signed> lists, AccessKey key, AccessKey.Floor floor) throws CairnException {
        if (lists.isEmpty()) {
            throw rolledBack(floor, "is not there");
        }
        Signed last = lists.getFirst();
        if (last.list().number() != floor.number() || !last.hash().equals(floor.hash())) {
            throw rolledBack(floor, "is not the one that this client knows");
        }
        if (last.list().number() == 1 && !Arrays.equals(last.signer(), key.verifyingKey())) {
            throw forged(last, "is not signed by the key that founded the repository");
        }
        for (Signed next : lists.subList(1, lists.size())) {
            follow(last, next);
            last = next;
        }
        return last;
    }

    /** Checks that a list may come right after another. */
    static void follow(Signed last, Signed next) throws DamagedException {
        KeyList before = last.list();
        KeyList after = next.list();
        if (after.number() != before.number() + 1) {
            throw forged(next, "stands where keylist/" + (before.number() + 1) + " should be");
        }
        if (!after.previous().equals(last.hash())) {
            throw forged(next, "does not follow the key list before it");
        }
        if (!before.maySignNext(next.signer())) {
            throw forged(next, "is signed by a key that may not change the key list");
        }
        if (before.repositoryKeys().isEmpty() != after.repositoryKeys().isEmpty()) {
            throw forged(next, "turns encryption on or off");
        }
        for (RepositoryKey key : before.repositoryKeys()) {
            RepositoryKey same = after.repositoryKey(key.number());
            if (same == null || !Arrays.equals(same.publicKey(), key.publicKey())) {
                throw forged(next, "leaves out a key of the repository");
            }
        }
        for (KeyList.Member member : before.members()) {
            KeyList.Member same = after.bySigningKey(member.signingKey());
            if (same == null || same.role() != member.role() || !same.name().equals(member.name())
                    || !Arrays.equals(same.readingKey(), member.readingKey())) {
                throw forged(next, "leaves out or alters the access key '" + member.name() + "'");
            }
            if (!member.active() && same.active() || member.standing() == KeyList.Standing.REVOKED && same.standing() != member.standing()) {
                throw forged(next, "takes the access key '" + member.name() + "' back");
            }
        }
    }

    private static DamagedException forged(Signed list, String how) {
        return new DamagedException(KeyListFile.name(list.list().number()), how);
    }

    private static CairnException rolledBack(AccessKey.Floor floor, String how) {
        return new CairnException(ExitCode.DAMAGED, KeyListFile.name(floor.number()) + " " + how + ": the repository was rolled back, damaged or replaced",
                "bring its folder keylist/ back from a copy; a paper key restores without it");
    }
}
