package cairn.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Writes and reads moments. Written by hand: the JDK's formatters cost more at start than a short command may. */
public final class Time {
    private Time() {}

    /** {@code 2026-11-21 01:24:45} in the given zone. */
    public static String screen(Instant time, ZoneId zone) {
        StringBuilder out = new StringBuilder(19);
        local(out, time, offset(time, zone), ' ');
        return out.toString();
    }

    /** {@code 2026-11-21T01:24:45.123456789+01:00} (RFC 3339); the fraction without trailing zeros. */
    public static String rfc3339(Instant time, ZoneId zone) {
        ZoneOffset offset = offset(time, zone);
        StringBuilder out = new StringBuilder(35);
        local(out, time, offset, 'T');
        fraction(out, time.getNano());
        minutes(out, offset);
        return out.toString();
    }

    /**
     * Reads {@code 2026-11-20}, {@code 2026-11-20 17:30[:00]} (local, blank or {@code T}), RFC 3339 with an offset or
     * {@code Z}, or {@code @SECONDS} since 1970.
     *
     * @throws UsageException if it is none of these
     */
    public static Instant parse(String text, ZoneId zone) throws UsageException {
        try {
            if (text.startsWith("@")) return Instant.ofEpochSecond(Long.parseLong(text.substring(1)));
            if (text.length() == 10) return LocalDate.parse(text).atStartOfDay(zone).toInstant();
            String iso = text.length() > 10 && text.charAt(10) == ' ' ? text.substring(0, 10) + 'T' + text.substring(11) : text;
            boolean offset = iso.endsWith("Z") || iso.length() > 6 && "+-".indexOf(iso.charAt(iso.length() - 6)) >= 0;
            if (offset && iso.length() > 16) return OffsetDateTime.parse(iso).toInstant();
            return LocalDateTime.parse(iso).atZone(zone).toInstant();
        } catch (DateTimeException | NumberFormatException e) {
            throw new UsageException("'" + text + "' is not a time (like 2026-11-20, '2026-11-20 17:30' or 2026-11-20T17:30:00+01:00)");
        }
    }

    /** Offsets of centuries ago count seconds, which neither format can show; they are cut to minutes. */
    private static ZoneOffset offset(Instant time, ZoneId zone) {
        int seconds = zone.getRules().getOffset(time).getTotalSeconds();
        return ZoneOffset.ofTotalSeconds(seconds / 60 * 60);
    }

    private static void local(StringBuilder out, Instant time, ZoneOffset offset, char between) {
        LocalDateTime local = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, offset);
        int year = local.getYear();
        if (year < 0 || year > 9999) out.append(year < 0 ? '-' : '+');
        pad(out, Math.abs(year), 4);
        pad(out.append('-'), local.getMonthValue(), 2);
        pad(out.append('-'), local.getDayOfMonth(), 2);
        pad(out.append(between), local.getHour(), 2);
        pad(out.append(':'), local.getMinute(), 2);
        pad(out.append(':'), local.getSecond(), 2);
    }

    private static void fraction(StringBuilder out, int nanos) {
        if (nanos == 0) return;
        int digits = 9;
        int rest = nanos;
        while (rest % 10 == 0) {
            rest /= 10;
            digits--;
        }
        pad(out.append('.'), rest, digits);
    }

    private static void minutes(StringBuilder out, ZoneOffset offset) {
        int minutes = offset.getTotalSeconds() / 60;
        if (minutes == 0) {
            out.append("+00:00");
            return;
        }
        pad(out.append(minutes < 0 ? '-' : '+'), Math.abs(minutes) / 60, 2);
        pad(out.append(':'), Math.abs(minutes) % 60, 2);
    }

    private static void pad(StringBuilder out, int value, int digits) {
        String text = Integer.toString(value);
        out.repeat('0', Math.max(0, digits - text.length())).append(text);
    }
}
