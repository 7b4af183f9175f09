package cairn.cmd.restore;

import cairn.cli.CommandModule;
import cairn.cli.CommandModuleContract;

class RestoreCommandsTest extends CommandModuleContract {
    @Override
    protected CommandModule module() {
        return new RestoreCommands();
    }
}
