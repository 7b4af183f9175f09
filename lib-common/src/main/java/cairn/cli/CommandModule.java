package cairn.cli;

import java.util.List;

/**
 * What one module adds to the program, found by {@link java.util.ServiceLoader}. An implementation only names its
 * commands: no class of a command may be loaded by it, because every start of the program asks every module.
 */
public interface CommandModule {
    CommandGroup group();

    /** In the order in which help shows them; empty while the module has none. */
    List<CommandEntry> commands();
}
