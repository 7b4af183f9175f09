package cairn.chunk;

/**
 * Lengths of chunks in bytes. They are fixed when a repository is made, because data cut with others shares nothing.
 *
 * @param min no chunk but the last of its input is shorter
 * @param avg mean length over random data
 * @param max no chunk is longer; at most 64 MiB, as no blob may be
 */
public record ChunkParams(int min, int avg, int max) {
    /**
     * The default of format 1: 32, 128 and 512 KiB. Measured (bench/RESULTS.md): on images that share with files it
     * stores 13 % less than a mean of 256 KiB, 33 % less than 1 MiB; 64 KiB would save another 15 % of that, but on
     * source trees it costs compression and a tenth more blobs, and ten terabytes would pass the hundred million
     * blobs that an index is built for.
     */
    public static final ChunkParams DEFAULT = ofAverage(128 << 10);

    public ChunkParams {
        if (min < Chunker.WINDOW || avg < 2 * min || max < 2 * avg || avg < 1024 || max > 64 << 20) {
            throw new IllegalArgumentException(
                "chunk sizes need 64 <= min, 2 min <= avg, 1024 <= avg, 2 avg <= max <= 64 MiB, not "
                    + min + ", " + avg + ", " + max);
        }
    }

    /**
     * The proportions of format 1 for a mean length: a quarter of it at least, four times at most. Wider ones gain
     * nothing.
     */
    public static ChunkParams ofAverage(int avg) {
        return new ChunkParams(avg / 4, avg, Math.multiplyExact(avg, 4));
    }
}
