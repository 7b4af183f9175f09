package cairn.cli;

import picocli.CommandLine.Option;

/** For commands whose result is a list of names or lines. */
public final class ListOptions implements HelpSection {
    @Option(names = {"-0", "--null"}, description = "end each result with a zero byte instead of a newline, names unescaped")
    private boolean nullTerminated;

    @Override
    public String heading() {
        return "output";
    }

    public boolean nullTerminated() {
        return nullTerminated;
    }
}
