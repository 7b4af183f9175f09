package cairn.tar;

import java.nio.charset.StandardCharsets;

/** A time of an extended header: decimal seconds since 1970 with a fraction, maybe negative. What is finer than a nanosecond is rounded down. */
record PaxTime(long seconds, int nanos) {
    private static final int SECOND = 1_000_000_000;

    static PaxTime parse(byte[] value, TarInput in) throws TarException {
        String text = new String(value, StandardCharsets.ISO_8859_1);
        boolean negative = text.startsWith("-");
        int point = text.indexOf('.');
        String whole = text.substring(negative ? 1 : 0, point < 0 ? text.length() : point);
        String fraction = point < 0 ? "" : text.substring(point + 1);
        if (whole.isEmpty() || whole.length() > 18 || !digits(whole) || !digits(fraction)) {
            throw in.wrong("has an extended header whose mtime is no time");
        }
        long seconds = Long.parseLong(whole);
        int nanos = 0;
        for (int i = 0; i < 9; i++) {
            nanos = 10 * nanos + (i < fraction.length() ? fraction.charAt(i) - '0' : 0);
        }
        if (!negative) {
            return new PaxTime(seconds, nanos);
        }
        boolean finer = fraction.length() > 9 && fraction.chars().skip(9).anyMatch(c -> c != '0');
        int down = nanos + (finer ? 1 : 0);
        return down == 0 ? new PaxTime(-seconds, 0) : down == SECOND ? new PaxTime(-seconds - 1, 0) : new PaxTime(-seconds - 1, SECOND - down);
    }

    private static boolean digits(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
