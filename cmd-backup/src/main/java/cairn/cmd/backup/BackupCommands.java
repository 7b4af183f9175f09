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
                new CommandEntry("init", "make a repository", InitCommand::new),
                new CommandEntry("backup", "save files and folders", BackupCommand::new),
                new CommandEntry("scan", "list what a backup would save", ScanCommand::new),
                new CommandEntry("send", "write a backup to standard output as a stream", SendCommand::new),
                new CommandEntry("receive", "take backups from elsewhere into a repository", ReceiveCommand::new),
                new CommandEntry("copy", "copy backups to another repository", CopyCommand::new),
                new CommandEntry("snapshot create", "make a frozen view of a volume", SnapshotCreateCommand::new),
                new CommandEntry("snapshot remove", "remove snapshots", SnapshotRemoveCommand::new),
                new CommandEntry("snapshot list", "show the snapshots of this machine", SnapshotListCommand::new),
                new CommandEntry("snapshot run", "run a command with a snapshot, then remove it", SnapshotRunCommand::new),
                new CommandEntry("forget", "mark backups for deletion by a policy", ForgetCommand::new),
                new CommandEntry("prune", "give the space of what nothing needs back", PruneCommand::new),
                new CommandEntry("key add", "give another access key to a repository", KeyAddCommand::new),
                new CommandEntry("key list", "list the access keys", KeyListCommand::new),
                new CommandEntry("key remove", "end the use of an access key", KeyRemoveCommand::new),
                new CommandEntry("key password", "change the password or key file of an access key", KeyPasswordCommand::new),
                new CommandEntry("key rotate", "seal what comes from now on to a new key", KeyRotateCommand::new),
                new CommandEntry("key set", "show or change what all clients go by", KeySetCommand::new),
                new CommandEntry("key export", "print a page that can restore everything, or a client's key", KeyExportCommand::new),
                new CommandEntry("key test", "say whether a key or a page can restore", KeyTestCommand::new));
    }
}
