package cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class UnitsTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "1024,1.0 KiB", "1536,1.5 KiB", "1048575,1023.9 KiB", "1288490188,1.1 GiB",
        "1288490189,1.2 GiB", "9223372036854775807,7.9 EiB"})
    void sizesAreWrittenInIecUnits(long bytes, String text) {
        assertEquals(text, Sizes.format(bytes));
    }

    @Property(seed = "1")
    void aWrittenSizeIsNeverMoreThanTheSizeAndAtMostATenthOfAUnitLess(@ForAll @LongRange(min = 0) long bytes) {
        long read = Sizes.parse(Sizes.format(bytes));
        assertTrue(read <= bytes && (bytes < 1024 ? read == bytes : bytes - read <= bytes / 10 + 1));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "512,512", "512B,512", "10MiB,10485760", "10m,10485760", "10MB,10000000", "1.5G,1610612736", "1 KiB,1024",
        "7E,8070450532247928832"})
    void sizesAreReadInTheUsualWays(String text, long bytes) {
        assertEquals(bytes, Sizes.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ten", "-1", "1X", "1Ki", "1.2.3M", "8E", "1e9", "99999999999999999999999999999999999"})
    void otherSizesAreRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Sizes.parse(text));
        assertThrows(TypeConversionException.class, () -> new SizeConverter().convert(text));
    }

    @Test
    void sizesDoNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            assertEquals(1L << 20, Sizes.parse("1MIB"));
            assertEquals("1.5 KiB", Sizes.format(1536));
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,PT0S", "90s,PT1M30S", "26h,PT26H", "14d,PT336H", "2w,PT336H", "1h30m,PT1H30M", "1y,PT8760H"})
    void spansAreReadByTheirUnits(String text, Duration span) {
        assertEquals(span, Durations.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "h", "1.5h", "-1h", "1x", "1h 2m", "99999999999h"})
    void otherSpansAreRefused(String text) {
        assertThrows(TypeConversionException.class, () -> new DurationConverter().convert(text));
    }

    @ParameterizedTest
    @CsvSource({"PT0S,0.0 s", "PT9.96S,9.9 s", "PT10S,10 s", "PT3M5S,3 min 05 s", "PT2H5M59S,2 h 05 min", "PT76H,3 d 04 h"})
    void spansAreWrittenInTwoUnits(Duration span, String text) {
        assertEquals(text, Durations.format(span));
    }

    @ParameterizedTest
    @CsvSource({"5%,0.05", "0.1%,0.001", "100,1.0", "0%,0.0"})
    void sharesAreReadWithAndWithoutTheSign(String text, double share) {
        assertEquals(share, new PercentConverter().convert(text), 1e-12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "101%", "-1%", "five", "1e1", "0x1p1", "NaN", "."})
    void otherSharesAreRefused(String text) {
        assertThrows(TypeConversionException.class, () -> new PercentConverter().convert(text));
    }

    @ParameterizedTest
    @CsvSource({"2026-11-21T00:24:45Z,2026-11-21 01:24:45,2026-11-21T01:24:45+01:00",
        "2026-07-01T00:00:00.120Z,2026-07-01 02:00:00,2026-07-01T02:00:00.12+02:00",
        "1850-01-01T00:00:00.000000001Z,1850-01-01 00:53:00,1850-01-01T00:53:00.000000001+00:53",
        "2446-05-10T22:38:55Z,2446-05-11 00:38:55,2446-05-11T00:38:55+02:00",
        "+292277026-01-01T00:00:00Z,+292277026-01-01 01:00:00,+292277026-01-01T01:00:00+01:00"})
    void timesAreLocalOnTheScreenAndRfc3339InJson(Instant time, String screen, String json) {
        assertEquals(screen, Time.screen(time, BERLIN));
        assertEquals(json, Time.rfc3339(time, BERLIN));
    }

    @ParameterizedTest
    @CsvSource({"2026-11-20,2026-11-19T23:00:00Z", "2026-11-20 17:30,2026-11-20T16:30:00Z", "2026-11-20T17:30:05,2026-11-20T16:30:05Z",
        "2026-11-20T17:30:00+05:00,2026-11-20T12:30:00Z", "2026-11-20T17:30:00.5Z,2026-11-20T17:30:00.5Z", "@1000,1970-01-01T00:16:40Z"})
    void timesAreReadInTheUsualWays(String text, Instant time) throws UsageException {
        assertEquals(time, Time.parse(text, BERLIN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2026-13-01", "2026-11-20 25:00", "@", "20-11-2026"})
    void otherTimesAreRefused(String text) {
        assertThrows(UsageException.class, () -> Time.parse(text, BERLIN));
    }
}
