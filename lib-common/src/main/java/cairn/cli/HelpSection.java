package cairn.cli;

/** A set of options that several commands share and that help shows under its own heading. */
public interface HelpSection {
    String heading();
}
