package cairn.retention;

/**
 * A rule and what it found: {@code daily 2026-11-20}.
 *
 * @param detail the hour, day, week, month, year, span or tag, or empty
 */
public record Reason(Rule rule, String detail) {
    @Override
    public String toString() {
        return detail.isEmpty() ? rule.text() : rule.text() + " " + detail;
    }
}
