package cairn.key;

import cairn.format.Hash;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who may do what in a repository, and the settings that all clients share: one state of it, in {@code keylist/NUMBER}.
 *
 * @param number         from 1
 * @param previous       hash of the list before; zero for the first
 * @param timeMillis     when it was made, milliseconds since 1970 by the maker's clock; for people
 * @param trustAll       whether clients rely on content by each other ({@code trust = all})
 * @param repositoryKeys oldest first, numbers rising; empty if the repository is not encrypted
 * @param members        all access keys that ever were, oldest first
 * @param settings       ASCII names and values, such as {@code compression}
 */
public record KeyList(int number, Hash previous, long timeMillis, boolean trustAll, List<RepositoryKey> repositoryKeys, List<Member> members,
        SortedMap<String, String> settings) {
    public KeyList {
        repositoryKeys = List.copyOf(repositoryKeys);
        members = List.copyOf(members);
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

    /** Whether the word of a key counts. */
    public enum Standing {
        /** In use. */
        ACTIVE(0),
        /** Given up in good order: what it signed stays good, and it may sign no more lists. */
        RETIRED(1),
        /** Lost or stolen: nothing that it signed counts any more. */
        REVOKED(2);

        private final byte code;

        Standing(int code) {
            this.code = (byte) code;
        }

        byte code() {
            return code;
        }

        static Standing of(int code) {
            return code >= 0 && code < values().length ? values()[code] : null;
        }
    }

    /**
     * An access key as the others see it.
     *
     * @param signingKey Ed25519 public key, 32 bytes
     * @param readingKey X25519 public key that private keys are sealed to; null unless full and encrypted
     * @param addedMillis milliseconds since 1970
     * @param endedMillis when it was retired or revoked; 0 while active
     */
    public record Member(String name, Role role, Standing standing, byte[] signingKey, byte[] readingKey, long addedMillis, long endedMillis) {
        public boolean active() {
            return standing == Standing.ACTIVE;
        }

        @Override
        public String toString() {
            return name + " (" + role.word() + ")";
        }
    }

    /** The member that signs with a key, or null. */
    public Member bySigningKey(byte[] signingKey) {
        for (Member member : members) {
            if (Arrays.equals(member.signingKey(), signingKey)) {
                return member;
            }
        }
        return null;
    }

    /** The active member of a name, or null. */
    public Member byName(String name) {
        for (Member member : members) {
            if (member.active() && member.name().equals(name)) {
                return member;
            }
        }
        return null;
    }

    /** The key that new sessions are sealed to, or null if nothing is encrypted. */
    public RepositoryKey currentKey() {
        return repositoryKeys.isEmpty() ? null : repositoryKeys.getLast();
    }

    /** The repository key of a number, or null. */
    public RepositoryKey repositoryKey(int number) {
        for (RepositoryKey key : repositoryKeys) {
            if (key.number() == number) {
                return key;
            }
        }
        return null;
    }

    /** Whether content in packs signed by a key may be relied on by others: that of full keys, or of all where {@link #trustAll}. */
    public boolean trustsContentOf(byte[] signingKey) {
        Member member = bySigningKey(signingKey);
        return member != null && member.standing() != Standing.REVOKED && (trustAll && member.role().writes() || member.role() == Role.FULL);
    }

    /** Whether marks, tombstones and fences signed by a key count: those of full and server keys. */
    public boolean trustsMarksOf(byte[] signingKey) {
        Member member = bySigningKey(signingKey);
        return member != null && member.standing() != Standing.REVOKED && member.role() != Role.WRITE;
    }

    /**
     * Whether this stands for a list that is lost, or was never seen: it names only the key that was given, and says nothing
     * of others.
     */
    public boolean isLone() {
        return timeMillis == 0;
    }

    /** Whether a key is, or was, one that makes backups. What it made stays a backup, whatever became of it. */
    public boolean tellsOfRecordsBy(byte[] signingKey) {
        Member member = bySigningKey(signingKey);
        return isLone() || member != null && member.role().writes();
    }

    /** Whether a key is, or was, one whose word on the time counts that it put around a backup. */
    public boolean tellsOfReceiver(byte[] signingKey) {
        Member member = bySigningKey(signingKey);
        return isLone() || member != null && member.role() != Role.WRITE;
    }

    /** Whether the next list may be signed by a key: one that is full and active. */
    public boolean maySignNext(byte[] signingKey) {
        Member member = bySigningKey(signingKey);
        return member != null && member.active() && member.role() == Role.FULL;
    }
}
