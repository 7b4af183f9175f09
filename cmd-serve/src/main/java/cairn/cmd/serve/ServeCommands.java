package cairn.cmd.serve;

import cairn.cli.CommandEntry;
import cairn.cli.CommandGroup;
import cairn.cli.CommandModule;
import java.util.List;

/** Everything that runs backups by itself and watches them. */
public final class ServeCommands implements CommandModule {
    @Override
    public CommandGroup group() {
        return CommandGroup.SUPERVISE;
    }

    @Override
    public List<CommandEntry> commands() {
        return List.of();
    }
}
