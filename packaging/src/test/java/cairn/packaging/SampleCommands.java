package cairn.packaging;

import cairn.cli.Command;
import cairn.cli.CommandEntry;
import cairn.cli.CommandGroup;
import cairn.cli.CommandModule;
import cairn.cli.RepoOptions;
import cairn.error.ExitCode;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands with every kind of option, and with texts that shells and roff trip over. */
final class SampleCommands implements CommandModule {
    @Override
    public CommandGroup group() {
        return CommandGroup.WAY_IN;
    }

    @Override
    public List<CommandEntry> commands() {
        return List.of(new CommandEntry("gather", "gather [all] it's: \\n $HOME `x` \"q\"", Gather::new),
                new CommandEntry("give-up", "give up", GiveUp::new),
                new CommandEntry("token add", "add a token", GiveUp::new),
                new CommandEntry("token drop", "drop a token", Drop::new));
    }

    enum Colour {
        RED, DARK_BLUE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @picocli.CommandLine.Command(description = {".Starts with a dot, and \\fBshouts\\fR.", "'Quoted' --option and a-hyphen, ~ ^ ` ä."})
    static final class Gather extends SampleCommand {
        @Mixin
        private RepoOptions repository;

        @Option(names = {"-x", "--exclude"}, paramLabel = "PATTERN", description = "it's [a] pattern: 100% $HOME \\d `x` \"q\"; repeatable")
        private List<String> exclude;

        @Option(names = "--list-from", paramLabel = "FILE", description = "'a' file")
        private String listFrom;

        @Option(names = {"-c", "--colour"}, paramLabel = "COLOUR", description = "one of two")
        private Colour colour;

        @Option(names = "--loud", description = ".loud")
        private boolean loud;

        @Option(names = "--secret", hidden = true)
        private boolean secret;

        @Parameters(paramLabel = "PATH", arity = "1..*", description = "what to gather")
        private List<String> paths;
    }

    @picocli.CommandLine.Command
    static final class GiveUp extends SampleCommand {
        @Parameters(paramLabel = "BACKUP", description = "which")
        private String backup;
    }

    @picocli.CommandLine.Command
    static final class Drop extends SampleCommand {
    }

    private abstract static class SampleCommand extends Command {
        @Override
        protected ExitCode run() {
            return ExitCode.DONE;
        }
    }
}
