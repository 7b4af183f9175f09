package cairn.cli;

import cairn.error.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * One command. A subclass is annotated for picocli, declares its options and operands, and does its work in
 * {@link #run}: results through {@link #out}, bytes through {@code context().stdout()}, errors by throwing
 * {@link cairn.error.CairnException}. It never prints and never exits by itself, so that a test can run it inside its
 * own process. An instance serves one run.
 *
 * <p>Texts in annotations are plain: no picocli markup, no variables, no {@code %n}; they become help, man page and
 * completion.
 */
public abstract class Command implements Callable<ExitCode> {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help and exit")
    private boolean help;

    @Mixin
    private OutputOptions output;

    private CommandContext context;
    private Output out;

    /** Does the work. {@link #context()} and {@link #out()} are set. */
    protected abstract ExitCode run() throws Exception;

    @Override
    public final ExitCode call() throws Exception {
        return run();
    }

    final void attach(CommandContext context) {
        this.context = context;
        this.out = new Output(context, output, nullTerminated());
    }

    /** Whether each result on stdout ends with a zero byte; commands with {@link ListOptions} say so here. */
    protected boolean nullTerminated() {
        return false;
    }

    protected final CommandContext context() {
        return context;
    }

    protected final Output out() {
        return out;
    }
}
