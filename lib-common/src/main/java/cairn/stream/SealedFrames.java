package cairn.stream;

/**
 * What the frames of a sealed stream hold: files of a repository, one after the other, whole, as they would be published.
 *
 * <pre>
 * sealed stream = header *file trailer
 * file          = FILE *DATA FILE_END
 *
 * FILE      16   kind u8: 4 a pack, 5 an index file, 6 a record, 7 a session's file
 * DATA      17   the next bytes of the file
 * FILE_END  18   name string (ASCII): what it is called in the repository, such as "packs/ab/HASH"
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

    private SealedFrames() {
    }
}
