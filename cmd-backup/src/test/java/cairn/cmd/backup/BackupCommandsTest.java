package cairn.cmd.backup;

import cairn.cli.CommandModule;
import cairn.cli.CommandModuleContract;

class BackupCommandsTest extends CommandModuleContract {
    @Override
    protected CommandModule module() {
        return new BackupCommands();
    }
}
