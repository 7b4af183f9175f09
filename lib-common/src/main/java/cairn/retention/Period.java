package cairn.retention;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.IsoFields;
import java.util.Locale;

/**
 * The periods of the calendar that retention counts. A period is known by its name, so that two times fall into the
 * same one if and only if the user reads the same name. An hour that the end of summer time repeats is two hours.
 */
enum Period {
    HOUR(Rule.HOURLY, "yyyy-MM-dd HH:00xxx"),
    DAY(Rule.DAILY, "yyyy-MM-dd"),
    WEEK(Rule.WEEKLY, null),
    MONTH(Rule.MONTHLY, "yyyy-MM"),
    YEAR(Rule.YEARLY, "yyyy");

    private final Rule rule;
    private final DateTimeFormatter format;

    Period(Rule rule, String pattern) {
        this.rule = rule;
        format = pattern == null ? null : DateTimeFormatter.ofPattern(pattern.replace("yyyy", "uuuu"), Locale.ROOT);
    }

    Rule rule() {
        return rule;
    }

    /** The period of a rule, or null. */
    static Period of(Rule rule) {
        for (Period period : values()) {
            if (period.rule == rule) {
                return period;
            }
        }
        return null;
    }

    /** The name of the period that a time falls into. */
    String name(Instant time, ZoneId zone) {
        ZonedDateTime local = time.atZone(zone);
        if (this == WEEK) {
            return String.format(Locale.ROOT, "%04d-W%02d", local.get(IsoFields.WEEK_BASED_YEAR),
                    local.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
        }
        return format.format(local);
    }
}
