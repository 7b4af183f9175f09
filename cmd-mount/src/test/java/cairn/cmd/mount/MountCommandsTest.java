package cairn.cmd.mount;

import cairn.cli.CommandModule;
import cairn.cli.CommandModuleContract;

class MountCommandsTest extends CommandModuleContract {
    @Override
    protected CommandModule module() {
        return new MountCommands();
    }
}
