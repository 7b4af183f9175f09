package cairn.remote;

/**
 * What a line has shown of itself so far: how long a round trip takes, and how much arrives meanwhile. For any number of
 * threads.
 */
final class Line {
    /** Long enough for a line that carries anything to show it. */
    private static final long WINDOW = 50_000_000;

    private long roundTrip = Long.MAX_VALUE;
    private long begun;
    private long bytes;
    private double mostANano;

    /** A request was answered so long after it was asked. */
    synchronized void answered(long nanos) {
        roundTrip = Math.min(roundTrip, Math.max(1, nanos));
    }

    /** Something arrived. @param now of {@link System#nanoTime} */
    synchronized void arrived(long count, long now) {
        if (now - begun > 2 * WINDOW) { // it was idle
            begun = now;
            bytes = 0;
        } else if (now - begun >= WINDOW) {
            mostANano = Math.max(mostANano, (double) bytes / (now - begun));
            begun = now;
            bytes = 0;
        }
        bytes += count;
    }

    /** How many bytes arrive during so many round trips; 0 as long as that is not known. */
    synchronized long carries(int roundTrips) {
        return roundTrip == Long.MAX_VALUE ? 0 : (long) (mostANano * roundTrip * roundTrips);
    }
}
