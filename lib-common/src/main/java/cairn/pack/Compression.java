package cairn.pack;

import cairn.error.CairnException;
import cairn.error.ExitCode;

/**
 * How hard a writer tries to make blobs smaller.
 *
 * @param level Zstandard level 1 to 19, or 0 for none
 * @param probe whether large blobs are first tried on a sample, so that what does not compress costs little
 */
public record Compression(int level, boolean probe) {
    public static final Compression OFF = new Compression(0, false);
    public static final Compression FAST = new Compression(1, true);
    /** Level 3: what the peers take, for repositories of the same size. */
    public static final Compression AUTO = new Compression(3, true);

    /** Parses {@code off|fast|auto|1..19}. */
    public static Compression parse(String text) throws CairnException {
        switch (text) {
            case "off":
                return OFF;
            case "fast":
                return FAST;
            case "auto":
                return AUTO;
            default:
                if (text.matches("[1-9]|1[0-9]")) {
                    return new Compression(Integer.parseInt(text), false);
                }
                throw new CairnException(ExitCode.USAGE, "no such compression: '" + text + "'", "use off, fast, auto or a level from 1 to 19");
        }
    }

    @Override
    public String toString() {
        return equals(OFF) ? "off" : equals(FAST) ? "fast" : equals(AUTO) ? "auto" : Integer.toString(level);
    }
}
