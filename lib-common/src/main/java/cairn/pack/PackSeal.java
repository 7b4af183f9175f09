package cairn.pack;

/** What the blobs of one new pack are sealed with. @param key 32 bytes, made for the section and used for no other pack */
public record PackSeal(Section section, byte[] key) {

    /** Draws a fresh salt for each pack; also for one that is written again after a failure. */
    @FunctionalInterface
    public interface Source {
        /** A fresh seal, or null in a repository that is not encrypted. */
        PackSeal fresh();
    }
}
