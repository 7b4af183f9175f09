package cairn.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IFactory;

/** Makes the picocli model of one command, for parsing, help, man pages and completion alike. */
public final class CommandLineFactory {
    private static final IFactory FACTORY = new Constructors();

    private CommandLineFactory() {}

    /**
     * @return its {@code getCommandSpec().name()} is {@code cairn} and the entry's name, the header of its usage message
     *         the entry's summary, and {@code getCommand()} the {@link Command}
     */
    public static CommandLine of(CommandEntry entry) {
        CommandLine line = new CommandLine(entry.factory().get(), FACTORY);
        line.getCommandSpec().name("cairn " + entry.name());
        line.getCommandSpec().usageMessage().header(entry.summary());
        line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        line.setExpandAtFiles(false);
        line.setAbbreviatedOptionsAllowed(false);
        line.setAbbreviatedSubcommandsAllowed(false);
        line.setOverwrittenOptionsAllowed(true);
        line.setPosixClusteredShortOptionsAllowed(true);
        line.setStopAtPositional(false);
        line.setInterpolateVariables(false);
        return line;
    }

    /** picocli's own factory looks for Groovy first. */
    private static final class Constructors implements IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type.isInterface()) return CommandLine.defaultFactory().create(type);
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        }
    }
}
