package cairn.store;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The place where a repository's files lie. Create, list, read and delete are enough: there is no rename, no
 * overwrite and no lock, so that a folder, an SSH server or an S3 bucket can all stand behind it.
 *
 * <p>Contract, held by {@code StorageConformance}:
 * <ul>
 * <li>A name follows {@link StoredName}; any other name is an {@link IllegalArgumentException}, a mistake of the caller.
 * <li>A file appears whole or not at all, and never changes afterwards. When {@link #write} or
 *     {@link StoredWriter#publish} returns, the file survives a power cut.
 * <li>Of several writers of one name exactly one wins, whatever process they run in; the others get an
 *     {@link AlreadyStoredException}.
 * <li>A deletion is seen at once by this storage, but may be undone by a power cut: nothing may rely on it.
 * <li>All methods may be called from many threads. A failed call leaves nothing behind that a listing shows.
 * </ul>
 *
 * Every {@code IOException} names the file and the storage.
 */
public interface Storage extends StoredReader, AutoCloseable {
    /** Longer than NFS, SMB and FUSE keep a listing by default (60 s, 1 s, 1 s). */
    Duration STALE = Duration.ofMinutes(1);

    /** Where it is, for messages; never parsed. */
    String location();

    /** Whether what is written is carried away and cannot be seen here: a stream. Nothing can then be concluded from what is missing. */
    default boolean isOneWay() {
        return false;
    }

    /** Whether a call costs a round trip to another machine, so that it pays to keep here what may be needed again. */
    default boolean isFar() {
        return false;
    }

    /**
     * Shows every file below a folder, at any depth and in no particular order. Files that come or go meanwhile may
     * be shown or not; all others are shown once. What is not a {@linkplain StoredName valid name} is passed over.
     *
     * @param folder such as {@code "packs/"}, or {@code ""} for everything; a folder that is not there is empty
     * @param each called in the calling thread; may read, write and delete in this storage
     */
    void list(String folder, Consumer<StoredFile> each) throws IOException;

    /** Size and time of one file, or empty if there is none. */
    Optional<StoredFile> stat(String name) throws IOException;

    /**
     * Reads a whole small file.
     *
     * @param limit the most bytes that a file of its kind can have
     * @throws NotStoredException if there is no such file
     * @throws OversizeException if it is larger than {@code limit}
     */
    byte[] readAll(String name, int limit) throws IOException;

    /**
     * Publishes a file in one visible, durable step.
     *
     * @throws AlreadyStoredException if there is a file of this name; it is durable then, too
     */
    void write(String name, byte[] content, int start, int length) throws IOException;

    /** Publishes a file in one visible, durable step; see {@link #write(String, byte[], int, int)}. */
    default void write(String name, byte[] content) throws IOException {
        write(name, content, 0, content.length);
    }

    /** As {@link #write(String, byte[], int, int)}, in the way of {@link StoredWriter#publishAfter}. */
    default Pending writeAfter(Pending first, String name, byte[] content, int start, int length) throws IOException {
        first.await();
        write(name, content, start, length);
        return Pending.DONE;
    }

    /**
     * Begins a file that is larger than memory, or whose name is known only when all of it has been written.
     *
     * @param folder the folder, such as {@code "index/"}, below which the file will be published
     */
    StoredWriter begin(String folder) throws IOException;

    /**
     * Deletes a file.
     *
     * @throws NotStoredException if there is none
     */
    void delete(String name) throws IOException;

    /** Deletes files, in any order; those that are not there are passed over. @return how many were there */
    default int deleteAll(Collection<String> names) throws IOException {
        int gone = 0;
        for (String name : names) {
            try {
                delete(name);
                gone++;
            } catch (NotStoredException byAnother) {
                // what is wanted
            }
        }
        return gone;
    }

    /** The storage's own clock, on which all {@link StoredFile#modified()} are: the time that it gives to a file just written. */
    Instant now() throws IOException;

    /**
     * Whether a listing may lack what another machine has published a moment ago (up to {@link #STALE}), because one
     * below keeps listings for a while.
     */
    default boolean listsLate() {
        return false;
    }

    /**
     * Removes what killed writers left behind and no listing shows, once it has not been touched for a day by the
     * storage's clock.
     *
     * @return how many pieces were removed
     */
    int tidy() throws IOException;

    /** Says that a part of a file will be read once, soon. A hint: it may do nothing, and never fails. */
    default void expect(String name, long offset, long length) {
    }

    /**
     * Says that a part of a file will be read soon, and other parts of it after that, perhaps more than once. A hint.
     *
     * @param size of the whole file
     */
    default void expectMore(String name, long size, long offset, long length) {
    }

    /**
     * Says that folders will be listed soon, each once, and small files there read; what is shown then may be what was there at
     * this call. A hint.
     */
    default void expectList(String... folders) {
    }

    /** Says that the index will be opened. A hint. */
    default void expectIndex() {
    }

    /** Whether what {@link #list} shows is a state that there was at one moment, also while others write and delete. */
    default boolean listsOneState() {
        return false;
    }

    /** Whether files may be deleted here. */
    default boolean mayDelete() {
        return true;
    }

    @Override
    void close() throws IOException;
}
