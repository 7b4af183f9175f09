package cairn.remote;

/**
 * What the frames of a conversation hold. The client asks, the server answers; the number of a frame is that of the
 * request, chosen by the client, not 0. Requests may be sent without waiting for answers, which come in any order.
 * Names are {@code string}s of ASCII, as {@code StoredName} has them; folders end with a slash.
 *
 * <pre>
 * server = header greeting *answer          client = header *request      (sent when the greeting has come)
 * greeting = HELLO *(FOLDER *ENTRIES) DONE  all of number 0
 *
 * requests:
 *   LIST     64  folder string, inline varint, since time, settled u8, after u32 answer: *ENTRIES DONE
 *   STAT     65  name string, after u32                                          answer: *ENTRIES DONE
 *   READ     66  name string, offset varint, length varint, short u8             answer: *BYTES DONE
 *   ALL      67  name string, limit varint                                       answer: *BYTES DONE
 *   BEGIN    68  folder string                                                   no answer by itself
 *   DATA     69  the next bytes of the file                                      no answer by itself
 *   PUBLISH  70  name string, after u32                                          answer: DONE
 *   DROP     71                                                                  no answer
 *   DELETE   72  name string                                                     answer: DONE
 *   NOW      73                                                                  answer: DONE with a time and a u8: 1 if listings may be old
 *   TIDY     74                                                                  answer: DONE with a varint
 *   FIND     75  count varint, count blob ids                                    answer: *PLACES DONE
 *
 * answers; ERROR may stand in the place of DONE:
 *   HELLO   128  version varint (1), rights varint, program string
 *   ENTRIES 129  entries of a listing
 *   DONE    130  see above
 *   BYTES   131  the next bytes
 *   ERROR   132  see {@link RemoteError}
 *   FOLDER  133  folder string: the entries that follow are all of this folder
 *   PLACES  134  see {@link Places}
 *
 * time  = seconds since 1970 as a zigzag varint, nanoseconds varint
 * entry = kind u8; if not 0: hash 32, the name is that of a file of this kind and hash; if 0: name string
 *         size varint, modified time, content varint: 0 for none, else 1 + its length, and the content
 * </pre>
 *
 * BEGIN, DATA, and PUBLISH or DROP of one number make one file. A listing has the content of files of at most "inline"
 * bytes that are not older than "since", as long as all are not more than {@link #MOST_INLINE}; if "settled" is 1 it is
 * one that was the same twice in a row, so that it shows a state that there was. "short" is 1 if less may come
 * where the file ends. DONE of READ tells the size of the file, a varint.
 *
 * <p>If "after" is the number of a PUBLISH that is not answered yet, the request is begun when that is, and after those that
 * were to begin so before it. A PUBLISH is answered by an ERROR if the one before it failed, unless that file was there
 * already; it may then also be one that was answered, as long as it is among the last 256 that failed.
 *
 * <p>Rights are the sum of {@link #MAY_WRITE}, {@link #MAY_DELETE},
 * {@link #ALL_ARE_ANSWERED} and {@link #OWN_ARE_ANSWERED}.
 */
public final class Message {
    public static final int VERSION = 1;

    static final int LIST = 64;
    static final int STAT = 65;
    static final int READ = 66;
    static final int ALL = 67;
    static final int BEGIN = 68;
    static final int DATA = 69;
    static final int PUBLISH = 70;
    static final int DROP = 71;
    static final int DELETE = 72;
    static final int NOW = 73;
    static final int TIDY = 74;
    static final int FIND = 75;

    static final int HELLO = 128;
    static final int ENTRIES = 129;
    static final int DONE = 130;
    static final int BYTES = 131;
    static final int ERROR = 132;
    static final int FOLDER = 133;
    static final int PLACES = 134;

    /** Files may be written. */
    public static final int MAY_WRITE = 1;
    /** Files may be deleted. */
    public static final int MAY_DELETE = 2;
    /** FIND is answered about the blobs of all clients. */
    public static final int ALL_ARE_ANSWERED = 4;
    /** FIND is answered about what the client itself has stored or its backups lead to. */
    public static final int OWN_ARE_ANSWERED = 8;

    /** The most bytes of content that one listing brings along. */
    static final int MOST_INLINE = 8 << 20;
    /** Blob ids in one question. */
    static final int MOST_IDS = 16_384;

    private Message() {
    }
}
