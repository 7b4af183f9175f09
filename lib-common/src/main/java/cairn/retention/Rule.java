package cairn.retention;

/** Why a backup is kept. */
public enum Rule {
    LAST("last"),
    HOURLY("hourly"),
    DAILY("daily"),
    WEEKLY("weekly"),
    MONTHLY("monthly"),
    YEARLY("yearly"),
    WITHIN("within"),
    TAG("tag"),
    /** Its time is still to come: a clock is wrong, and nothing can be said about its age. */
    FUTURE("its time is in the future"),
    /** It was written last, although no other rule keeps it: its time may say otherwise. */
    WRITTEN_LAST("written last"),
    /** It was interrupted, and there is no complete one yet that holds more. */
    PARTIAL("partial, newer than any complete one"),
    /** No rule keeps anything of its group. */
    ONLY_ONE("the only one left");

    private final String text;

    Rule(String text) {
        this.text = text;
    }

    /** The word for users. */
    public String text() {
        return text;
    }
}
