package cairn.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Writes and reads numbers of bytes. */
public final class Sizes {
    private static final String UNITS = "KMGTPE";

    private Sizes() {}

    /** {@code 0 B}, {@code 1023 B}, {@code 1.2 GiB}: IEC units, one digit after the point, rounded down. */
    public static String format(long bytes) {
        if (bytes < 0) throw new IllegalArgumentException("negative size: " + bytes);
        if (bytes < 1024) return bytes + " B";
        int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        long whole = bytes >>> (10 * unit);
        long rest = bytes & ((1L << (10 * unit)) - 1);
        long tenth = unit == 6 ? (rest >>> 10) * 10 >>> 50 : rest * 10 >>> (10 * unit);
        return whole + "." + tenth + " " + UNITS.charAt(unit - 1) + "iB";
    }

    /**
     * Reads {@code 512}, {@code 10KiB}, {@code 10K} (both 1024), {@code 1.5G}, {@code 10MB} (1000 x 1000), in any case
     * and with or without a blank before the unit.
     *
     * @return 0 or more
     * @throws IllegalArgumentException with a message for the user
     */
    public static long parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        int end = 0;
        while (end < lower.length() && (Character.isDigit(lower.charAt(end)) || lower.charAt(end) == '.')) end++;
        BigDecimal number = number(text, lower.substring(0, end));
        BigDecimal bytes = number.multiply(factor(text, lower.substring(end).strip()));
        if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) throw new IllegalArgumentException("'" + text + "' is too large");
        return bytes.setScale(0, RoundingMode.DOWN).longValueExact();
    }

    private static BigDecimal number(String text, String digits) {
        try {
            if (digits.length() <= 30) return new BigDecimal(digits);
        } catch (NumberFormatException e) {
            throw bad(text);
        }
        throw bad(text);
    }

    private static BigDecimal factor(String text, String unit) {
        if (unit.isEmpty() || unit.equals("b")) return BigDecimal.ONE;
        int power = UNITS.toLowerCase(Locale.ROOT).indexOf(unit.charAt(0)) + 1;
        if (power == 0) throw bad(text);
        return switch (unit.substring(1)) {
            case "", "ib" -> BigDecimal.valueOf(1024).pow(power);
            case "b" -> BigDecimal.valueOf(1000).pow(power);
            default -> throw bad(text);
        };
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException("'" + text + "' is not a size (like 512, 10MiB or 1.5G)");
    }
}
