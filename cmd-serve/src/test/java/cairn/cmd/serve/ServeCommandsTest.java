package cairn.cmd.serve;

import cairn.cli.CommandModule;
import cairn.cli.CommandModuleContract;

class ServeCommandsTest extends CommandModuleContract {
    @Override
    protected CommandModule module() {
        return new ServeCommands();
    }
}
