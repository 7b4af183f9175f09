package cairn.cli;

import java.time.Duration;

/** Writes and reads spans of time. */
public final class Durations {
    private Durations() {}

    /** {@code 0.4 s}, {@code 12 s}, {@code 3 min 05 s}, {@code 2 h 05 min}, {@code 3 d 04 h}. */
    public static String format(Duration span) {
        long seconds = span.toSeconds();
        if (seconds < 10) return seconds + "." + span.toMillisPart() / 100 + " s";
        if (seconds < 60) return seconds + " s";
        if (seconds < 3600) return seconds / 60 + " min " + two(seconds % 60) + " s";
        if (seconds < 86400) return seconds / 3600 + " h " + two(seconds / 60 % 60) + " min";
        return seconds / 86400 + " d " + two(seconds / 3600 % 24) + " h";
    }

    /**
     * Reads {@code 26h}, {@code 14d}, {@code 1h30m}, {@code 2w}, {@code 1y} (365 days), {@code 90s} or {@code 0}.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    public static Duration parse(String text) {
        if (text.equals("0")) return Duration.ZERO;
        Duration sum = Duration.ZERO;
        int i = 0;
        while (i < text.length()) {
            int start = i;
            while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') i++;
            if (i == start || i == text.length() || i - start > 9) throw bad(text);
            sum = sum.plus(unit(text, text.charAt(i)).multipliedBy(Long.parseLong(text.substring(start, i))));
            i++;
        }
        if (text.isEmpty()) throw bad(text);
        return sum;
    }

    private static Duration unit(String text, char unit) {
        return switch (unit) {
            case 's' -> Duration.ofSeconds(1);
            case 'm' -> Duration.ofMinutes(1);
            case 'h' -> Duration.ofHours(1);
            case 'd' -> Duration.ofDays(1);
            case 'w' -> Duration.ofDays(7);
            case 'y' -> Duration.ofDays(365);
            default -> throw bad(text);
        };
    }

    private static String two(long value) {
        return value < 10 ? "0" + value : Long.toString(value);
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException("'" + text + "' is not a span of time (like 90s, 26h, 14d or 2w)");
    }
}
