package cairn.restore;

import cairn.posix.RawString;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** A directory of the target while the walk is in it. */
final class Folder {
    final long id;
    private final RestoreContext context;
    private final Plan plan;
    /** What was in it before; null if it was made by this restore. */
    private final Listing listing;
    private final boolean there;
    private Map<String, byte[]> notes;
    /** Names that the backup does not have. */
    private byte[][] foreigners = new byte[0][];
    private int foreign;
    private boolean mountPoint;
    private boolean attributesLater;

    /** @param there false in a dry run for a directory that does not exist */
    Folder(RestoreContext context, Plan plan, long id, Listing listing, boolean there) {
        this.context = context;
        this.plan = plan;
        this.id = id;
        this.listing = listing;
        this.there = there;
    }

    /**
     * Something is mounted here. If the backup has nothing in this directory, it was left out of the backup as a mount
     * point: what is mounted now is none of its business.
     */
    void isMountPoint(boolean takesAttributes) {
        mountPoint = true;
        attributesLater = takesAttributes;
    }

    boolean isThere() {
        return there;
    }

    /** Whether a name was there before this restore. Names are asked for in rising order. */
    boolean has(byte[] name) {
        if (listing == null) {
            return false;
        }
        for (byte[] passed; (passed = listing.passed(name)) != null;) {
            foreign(passed);
        }
        return listing.take(name);
    }

    /** Only one name will be asked for; all others are none of this restore's business. */
    void single(byte[] name) {
        if (listing != null) {
            listing.only(name);
        }
    }

    private void foreign(byte[] name) {
        if (TempNames.isTemporary(name)) {
            return;
        }
        if (context.options.delete()) {
            if (foreign == foreigners.length) {
                foreigners = Arrays.copyOf(foreigners, Math.max(16, 2 * foreign));
            }
            foreigners[foreign++] = name;
        }
    }

    /** The walk has seen all entries of the backup. @param empty there was none @param wanted whether a name may go */
    void end(boolean delete, boolean empty, Predicate<byte[]> wanted) throws IOException {
        if (listing == null || mountPoint && empty) {
            return;
        }
        if (attributesLater) {
            plan.directory(id);
        }
        for (byte[] passed; (passed = listing.passed(null)) != null;) {
            foreign(passed);
        }
        for (int i = 0; i < foreign; i++) {
            if (delete && wanted.test(foreigners[i])) {
                plan.tooMuch(id, foreigners[i]);
            }
        }
        if (notes != null) {
            for (String file : notes.keySet()) {
                context.tally.notice(context.path(id, RawString.encode(file)).get(),
                        "was being written in place when a restore was killed: it is neither old nor new, restore it again");
            }
        }
    }

    /** Remembers the note of a killed restore about one of the files here. */
    void note(byte[] file, byte[] note) {
        if (notes == null) {
            notes = new HashMap<>();
        }
        notes.put(RawString.decode(file), note);
    }

    byte[] noteFor(byte[] file) {
        return notes == null ? null : notes.remove(RawString.decode(file));
    }
}
