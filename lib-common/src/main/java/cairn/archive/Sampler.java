package cairn.archive;

import java.util.random.RandomGenerator;

/**
 * Chooses bytes of unchanged files at random, so that a given share of all bytes is read again: between one choice and
 * the next lies an exponentially distributed number of bytes (a Poisson process over the bytes in the order of the walk).
 */
final class Sampler {
    private final double meanDistance;
    private final RandomGenerator random;
    private double left;

    /** @param share 0 to 1 of all bytes @param stretch bytes that one choice makes read, on average */
    Sampler(double share, int stretch, RandomGenerator random) {
        this.meanDistance = share <= 0 ? Double.POSITIVE_INFINITY : stretch / share;
        this.random = random;
        this.left = next();
    }

    private double next() {
        return Double.isInfinite(meanDistance) ? meanDistance : random.nextExponential() * meanDistance;
    }

    /** A byte of the next file that is to be read again, or -1. At most one a file. */
    long sample(long size) {
        if (left >= size) {
            left -= size;
            return -1;
        }
        long at = (long) left;
        left = next();
        return at;
    }
}
