package cairn.cmd.restore;

import cairn.cli.CommandEntry;
import cairn.cli.CommandGroup;
import cairn.cli.CommandModule;
import java.util.List;

/** Everything that gets data out of a repository or judges it. */
public final class RestoreCommands implements CommandModule {
    @Override
    public CommandGroup group() {
        return CommandGroup.WAY_BACK;
    }

    @Override
    public List<CommandEntry> commands() {
        return List.of(
                new CommandEntry("restore", "bring files and folders back", RestoreCommand::new),
                new CommandEntry("verify", "check what is stored", VerifyCommand::new));
    }
}
