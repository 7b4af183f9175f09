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
                new CommandEntry("list", "show the backups of a repository", ListCommand::new),
                new CommandEntry("ls", "show what is in a folder of a backup", LsCommand::new),
                new CommandEntry("cat", "write the content of files of a backup", CatCommand::new),
                new CommandEntry("diff", "compare backups with each other or with the disk", DiffCommand::new),
                new CommandEntry("find", "look for names in all backups", FindCommand::new),
                new CommandEntry("versions", "show the versions of a file in all backups", VersionsCommand::new),
                new CommandEntry("export", "write a backup as a tar or zip archive", ExportCommand::new),
                new CommandEntry("stats", "show what backups take up", StatsCommand::new),
                new CommandEntry("sums", "write checksums of files as sha256sum does", SumsCommand::new),
                new CommandEntry("verify", "check what is stored", VerifyCommand::new));
    }
}
