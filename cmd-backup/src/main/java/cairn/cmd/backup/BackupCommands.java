package cairn.cmd.backup;

import cairn.cli.CommandEntry;
import cairn.cli.CommandGroup;
import cairn.cli.CommandModule;
import java.util.List;

/** Everything that adds to a repository or tends it. */
public final class BackupCommands implements CommandModule {
    @Override
    public CommandGroup group() {
        return CommandGroup.WAY_IN;
    }

    @Override
    public List<CommandEntry> commands() {
        return List.of(
                new CommandEntry("backup", "save files and folders", BackupCommand::new),
                new CommandEntry("forget", "mark backups for deletion by a policy", ForgetCommand::new),
                new CommandEntry("prune", "give the space of what nothing needs back", PruneCommand::new));
    }
}
