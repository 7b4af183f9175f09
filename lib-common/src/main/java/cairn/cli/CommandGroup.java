package cairn.cli;

/** The four parts of the suite, in the order in which {@code cairn --help} shows them. */
public enum CommandGroup {
    WAY_IN("the way in", "back up, and tend a repository"),
    WAY_BACK("the way back", "restore, look into backups, and judge them"),
    EXPOSE("expose", "show a backup as a file system or a disk"),
    SUPERVISE("supervise", "run backups by themselves and watch them");

    private final String title;
    private final String purpose;

    CommandGroup(String title, String purpose) {
        this.title = title;
        this.purpose = purpose;
    }

    /** The line above the group's commands in help and documentation. */
    public String heading() {
        return title + ": " + purpose;
    }
}
