package cairn.restore;

import cairn.posix.Sys;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Restores parts of a backup. It works in steps: walk the tree, making directories and all that needs no pack, comparing
 * what exists and planning the rest; write, each pack read once and in order; then further names, removals and the
 * attributes of directories. An error in one entry never stops the others.
 */
public final class Restore {
    private static final int MOST_OPEN_FILES = 256;

    private final RestoreSource source;
    private final RestoreOptions options;
    private final RestoreListener listener;
    private final BooleanSupplier stopped;

    /** @param stopped asked often; once it says yes, the restore ends soon with what is complete by then */
    public Restore(RestoreSource source, RestoreOptions options, RestoreListener listener, BooleanSupplier stopped) {
        this.source = source;
        this.options = options;
        this.listener = listener;
        this.stopped = stopped;
    }

    /**
     * Restores the parts. While it runs, the process's umask is 0, so that modes need not be set a second time.
     *
     * @throws IOException if a target cannot be had, or the plan not be kept; what concerns single entries goes to the
     *                     listener
     */
    public RestoreSummary run(List<RestoreRoot> parts) throws IOException, InterruptedException {
        int mask = Sys.umask(0);
        try (RestoreContext context = new RestoreContext(source, options, listener, stopped);
                Plan plan = new Plan(context);
                OutputFiles output = new OutputFiles(context, MOST_OPEN_FILES)) {
            try (CompareQueue comparing = new CompareQueue(context, plan, output)) {
                Planner planner = new Planner(context, plan, comparing, output);
                for (RestoreRoot part : parts) {
                    planner.plan(part);
                }
            }
            listener.planned(0, plan.expected());
            if (!options.dryRun()) {
                new PackQueue(context, plan, () -> new PackWorker(context, output)).run();
            }
            if (!stopped.getAsBoolean()) {
                new Finisher(context, plan).run();
                if (options.verify() && !options.dryRun()) {
                    ReadBack.settle(context, parts);
                    new PackQueue(context, plan, () -> new ReadBack(context)).run();
                }
                Holders.tell(context);
            }
            return context.tally.summary();
        } finally {
            Sys.umask(mask);
        }
    }
}
