package cairn.index;

/**
 * Where a copy of a blob is.
 *
 * @param offset of its frame in the pack, in bytes
 * @param stored bytes of the frame
 * @param plain bytes of the payload before compression
 */
public record Location(IndexedPack pack, int offset, int stored, int plain) {
    /** Written out, because the JDK would derive it anew at each start. */
    @Override
    public boolean equals(Object o) {
        return o instanceof Location other && offset == other.offset && stored == other.stored && plain == other.plain && pack.equals(other.pack);
    }

    @Override
    public int hashCode() {
        return 31 * pack.hashCode() + offset;
    }
}
