package cairn.cmd.mount;

import cairn.cli.CommandEntry;
import cairn.cli.CommandGroup;
import cairn.cli.CommandModule;
import java.util.List;

/** Everything that shows a backup as a file system or a disk. */
public final class MountCommands implements CommandModule {
    @Override
    public CommandGroup group() {
        return CommandGroup.EXPOSE;
    }

    @Override
    public List<CommandEntry> commands() {
        return List.of();
    }
}
