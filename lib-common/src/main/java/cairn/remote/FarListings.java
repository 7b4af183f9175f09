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
 * changes something: whoever asks later wants to know what is there then. So nothing that was listed before a writer
 * showed itself, or before somebody marked what he deletes, is ever taken for what was there after that. Keys alone, which
 * every command reads once or twice when it begins, are shown more than once. For any number of threads.
 */
final class FarListings implements RemoteWriter.Follow {
    /** Small files come along with listings, larger ones do not. */
    static final int SMALL = 64 << 10;
    private static final long EARLY_NANOS = 30_000_000_000L;
    private static final Set<String> WITH_CONTENT = Set.of("keys/", "keylist/", "keyring/", "marks/", "backups/");
    /** Of these, content comes along only when somebody said that it will be read. */
    private static final Set<String> READ_SELDOM = Set.of("sessions/");

    private final Connection connection;
    private final Predicate<String> mostAreHere;
    private final Map<String, List<Entries.Entry>> greeting;
    private final Map<String, Listing> following = new ConcurrentHashMap<>();
    private final Map<String, Look> looks = new ConcurrentHashMap<>();
    private final long begun = System.nanoTime();

    /** @param mostAreHere tells of a folder whether copies of its older files are here, so that only new ones are to come along */
    FarListings(Connection connection, Predicate<String> mostAreHere) {
        this.connection = connection;
        this.mostAreHere = mostAreHere;
        this.greeting = new ConcurrentHashMap<>(connection.greeting());
    }

    /** What is in a folder. */
    List<Entries.Entry> of(String folder) throws IOException {
        List<Entries.Entry> greeted = folder.startsWith("key") ? greeting.get(folder) : greeting.remove(folder);
        if (greeted != null && !isOld(begun)) {
            return greeted;
        }
        Listing asked = following.remove(folder);
        Listing listing = asked != null && !isOld(asked.begun) ? asked : ask(folder, 0, WITH_CONTENT.contains(folder));
        listing.await();
        return listing.entries;
    }

    /** Asks for folders that will be listed soon, unless that was done. */
    void expect(String... folders) throws IOException {
        for (String folder : folders) {
            if (!greeting.containsKey(folder) && !following.containsKey(folder)) {
                following.put(folder, ask(folder, 0, WITH_CONTENT.contains(folder) || READ_SELDOM.contains(folder)));
            }
        }
    }

    /** What was asked for about one file together with what published it, or null. */
    CollectCall look(String name) {
        Look look = looks.remove(name);
        return look == null || isOld(look.begun) ? null : look.call;
    }

    /**
     * After what this side does, what was listed before tells nothing about what is there then. Only what follows the file that
     * goes before this one was asked for in the knowledge that this one comes.
     */
    @Override
    public void publishing(int after) {
        greeting.clear();
        following.values().removeIf(listing -> after == 0 || listing.after != after);
    }

    /**
     * A writer that has begun its session reads marks, index, sessions and records next (rule 2), and one that has published
     * its record reads the marks (rule 5) and looks whether it is there under its name, as for an index file before it opens
     * that: all that at the cost of one round trip.
     *
     * @param name    of the file that is being published
     * @param request the request that publishes it
     */
    @Override
    public void published(String name, int request) throws IOException {
        List<String> next = name.startsWith("sessions/") && name.endsWith("-0") ? List.of("marks/", "index/", "sessions/", "backups/")
                : name.startsWith("backups/") ? List.of("marks/") : List.of();
        for (String folder : next) {
            following.put(folder, ask(folder, request, WITH_CONTENT.contains(folder)));
        }
        if (name.startsWith("backups/") || name.startsWith("index/")) {
            CollectCall call = new CollectCall(Message.ENTRIES, SMALL, connection.location());
            connection.ask(call, Message.STAT, Requests.name(name, request), false);
            looks.put(name, new Look(call, System.nanoTime()));
        }
    }

    /** A file is deleted. */
    void deleting(String name) {
        publishing(0);
        looks.remove(name);
    }

    /** An answer about one file, on its way. */
    private record Look(CollectCall call, long begun) {
    }

    private static boolean isOld(long begun) {
        return System.nanoTime() - begun > EARLY_NANOS;
    }

    /** @param after the request to wait for there, or 0 */
    private Listing ask(String folder, int after, boolean withContent) throws IOException {
        boolean settled = folder.equals("marks/") || folder.equals("index/");
        ByteWriter question = new ByteWriter().string(Requests.ascii(folder)).varint(withContent ? SMALL : 0);
        Entries.time(question, mostAreHere.test(folder) ? Instant.MAX : Instant.EPOCH);
        Listing listing = new Listing(folder, after);
        connection.ask(listing, Message.LIST, question.u8(settled ? 1 : 0).u32(after).toBytes(), after == 0);
        return listing;
    }

    /** A listing that is on its way. */
    private final class Listing extends Call {
        private final String folder;
        private final int after;
        private final List<Entries.Entry> entries = new ArrayList<>();
        private final long begun = System.nanoTime();

        Listing(String folder, int after) {
            this.folder = folder;
            this.after = after;
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
