package cairn.remote;

import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Listings of a far storage: those of the greeting, those that are asked for together with a request that they follow, and
 * those that are asked for when they are wanted. What was listed early is for use at once, and only until this side
 * changes something: whoever asks later wants to know what is there then. For any number of threads.
 */
final class FarListings {
    /** Small files come along with listings, larger ones do not. */
    static final int SMALL = 64 << 10;
    private static final long EARLY_NANOS = 30_000_000_000L;
    private static final Set<String> WITH_CONTENT = Set.of("keys/", "keylist/", "keyring/", "marks/", "backups/");

    private final Connection connection;
    private final Predicate<String> mostAreHere;
    private final Map<String, List<Entries.Entry>> greeting;
    private final Map<String, Listing> following = new ConcurrentHashMap<>();
    private final long begun = System.nanoTime();

    /** @param mostAreHere tells of a folder whether copies of its older files are here, so that only new ones are to come along */
    FarListings(Connection connection, Predicate<String> mostAreHere) {
        this.connection = connection;
        this.mostAreHere = mostAreHere;
        this.greeting = new ConcurrentHashMap<>(connection.greeting());
    }

    /** What is in a folder. */
    List<Entries.Entry> of(String folder) throws IOException {
        List<Entries.Entry> greeted = greeting.remove(folder);
        if (greeted != null && !isOld(begun)) {
            return greeted;
        }
        Listing asked = following.remove(folder);
        Listing listing = asked != null && !isOld(asked.begun) ? asked : ask(folder, 0);
        listing.await();
        return listing.entries;
    }

    /**
     * A writer that has begun its session reads marks, index, sessions and records next (rule 2), and one that has published
     * its record reads the marks (rule 5): all that at the cost of one round trip.
     *
     * @param name    of the file that is being published
     * @param request the request that publishes it
     */
    void follow(String name, int request) throws IOException {
        List<String> next = name.startsWith("sessions/") && name.endsWith("-0") ? List.of("marks/", "index/", "sessions/", "backups/")
                : name.startsWith("backups/") ? List.of("marks/") : List.of();
        for (String folder : next) {
            following.put(folder, ask(folder, request));
        }
    }

    /** After what this side did, what was listed before tells nothing about what is there now. */
    void forget() {
        greeting.clear();
        following.clear();
    }

    private static boolean isOld(long begun) {
        return System.nanoTime() - begun > EARLY_NANOS;
    }

    /** @param after the request to wait for there, or 0 */
    private Listing ask(String folder, int after) throws IOException {
        boolean settled = folder.equals("marks/") || folder.equals("index/");
        ByteWriter question = new ByteWriter().string(Requests.ascii(folder)).varint(WITH_CONTENT.contains(folder) ? SMALL : 0);
        Entries.time(question, mostAreHere.test(folder) ? Instant.MAX : Instant.EPOCH);
        Listing listing = new Listing(folder);
        connection.ask(listing, Message.LIST, question.u8(settled ? 1 : 0).u32(after).toBytes(), after == 0);
        return listing;
    }

    /** A listing that is on its way. */
    private final class Listing extends Call {
        private final String folder;
        private final List<Entries.Entry> entries = new ArrayList<>();
        private final long begun = System.nanoTime();

        Listing(String folder) {
            this.folder = folder;
        }

        @Override
        void part(int type, byte[] payload) throws IOException {
            ByteReader in = Requests.answer(payload, connection.location());
            if (type != Message.ENTRIES) {
                throw in.damaged("is no listing");
            }
            while (in.remaining() > 0) {
                Entries.Entry entry = Entries.read(in);
                if (!entry.file().name().startsWith(folder)) {
                    throw in.damaged("lists what is not in the folder");
                }
                entries.add(entry);
            }
        }
    }
}
