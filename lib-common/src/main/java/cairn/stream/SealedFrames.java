package cairn.stream;

import cairn.format.Kind;
import java.util.List;

/**
 * What the frames of a sealed stream hold: files of a repository, one after the other, whole, as they would be published.
 *
 * <pre>
 * sealed stream = header [BASE] *file trailer
 * file          = FILE *DATA ( FILE_END / FILE_DROP )
 *
 * FILE       16   kind u8: 4 a pack, 5 an index file, 6 a record, 7 a session's file
 * DATA       17   the next bytes of the file
 * FILE_END   18   name string (ASCII): what it is called in the repository, such as "packs/ab/HASH"
 * FILE_DROP  19   nothing: the sender gave the file up, it is to be forgotten
 * BASE       20   hash 32: of a record, in form 1, that the receiver is said to have with all that it needs
 * </pre>
 *
 * The first file is {@code sessions/ID-0} of the sender; then packs, none before one that it refers to; index files,
 * each behind all the packs that it lists; then one record; then {@code sessions/ID-end}. Every file can be checked by
 * itself as docs/format.md says.
 */
public final class SealedFrames {
    public static final int FILE = 16;
    public static final int DATA = 17;
    public static final int FILE_END = 18;
    public static final int FILE_DROP = 19;
    public static final int BASE = 20;

    /** The kinds of files that travel. Keys, key lists and marks do not: a stream only adds backups. */
    public static final List<Kind> KINDS = List.of(Kind.PACK, Kind.INDEX, Kind.RECORD, Kind.SESSION);

    private SealedFrames() {
    }
}
