package cairn.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** All commands of all modules on the class path. */
public final class Registry {
    private final List<CommandModule> modules;

    /** No lambdas here: each costs milliseconds at every start. */
    Registry(List<CommandModule> modules) {
        List<CommandModule> ordered = new ArrayList<>();
        for (CommandGroup group : CommandGroup.values()) {
            for (CommandModule module : modules) {
                if (module.group() == group) ordered.add(module);
            }
        }
        this.modules = List.copyOf(ordered);
    }

    public static Registry load() {
        List<CommandModule> modules = new ArrayList<>();
        for (CommandModule module : ServiceLoader.load(CommandModule.class)) modules.add(module);
        return new Registry(modules);
    }

    /** In the order of {@link CommandGroup}; modules without commands included. */
    public List<CommandModule> modules() {
        return modules;
    }

    /** Every command, in the order of help. */
    public List<CommandEntry> commands() {
        List<CommandEntry> all = new ArrayList<>();
        for (CommandModule module : modules) all.addAll(module.commands());
        return all;
    }

    /** @return the command of exactly this name, or null */
    CommandEntry find(String name) {
        for (CommandModule module : modules) {
            for (CommandEntry entry : module.commands()) {
                if (entry.name().equals(name)) return entry;
            }
        }
        return null;
    }

    /** All commands whose name is this word and another; empty if the word names no family. */
    List<CommandEntry> family(String word) {
        List<CommandEntry> found = new ArrayList<>();
        for (CommandEntry entry : commands()) {
            if (entry.inFamily() && entry.family().equals(word)) found.add(entry);
        }
        return found;
    }
}
