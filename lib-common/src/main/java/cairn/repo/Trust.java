package cairn.repo;

/**
 * Whose word a program takes. Whoever may write could claim a known id over other content, and all others would skip
 * theirs; so a writer relies on packs by itself and by full keys only, and marks count only from full and server keys.
 */
public interface Trust {
    /** Whether content in packs signed by a key may be relied on instead of being written again. */
    boolean forContent(byte[] signer);

    /** Whether marks, tombstones and fences signed by a key count. */
    boolean forMarks(byte[] signer);

    /** Whether backups signed by a key are of this repository: it is, or was, one of its keys that write. */
    boolean forRecords(byte[] signer);

    /** Whether a record may stand in an envelope signed by a key: it is, or was, one of a receiver. */
    boolean forReceipts(byte[] receiver);

    /** Whether the time counts at which a key says that it received a backup. */
    boolean forTimes(byte[] receiver);
}
