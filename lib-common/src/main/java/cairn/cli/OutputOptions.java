package cairn.cli;

import picocli.CommandLine.Option;

/** What every command says and how. */
public final class OutputOptions implements HelpSection {
    @Option(names = "--json", description = "print one JSON object a line, errors and messages included")
    private boolean json;

    @Option(names = {"-q", "--quiet"}, description = "say nothing but results, warnings and errors")
    private boolean quiet;

    @Option(names = {"-v", "--verbose"}, description = "say more; twice: with the place in the program of an error")
    private boolean[] verbose = {};

    @Option(names = "--no-progress", description = "show no progress, on a terminal neither")
    private boolean noProgress;

    @Override
    public String heading() {
        return "output";
    }

    boolean json() {
        return json;
    }

    boolean quiet() {
        return quiet;
    }

    int verbosity() {
        return verbose.length;
    }

    boolean progress() {
        return !noProgress && !quiet && !json;
    }
}
