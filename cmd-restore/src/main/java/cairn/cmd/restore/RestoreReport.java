package cairn.cmd.restore;

import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.Output;
import cairn.cli.ProgressState;
import cairn.cli.Text;
import cairn.restore.RestoreListener;
import cairn.restore.Unset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Tells the user what a restore does while it does it. */
final class RestoreReport implements RestoreListener {
    private final Output out;
    private final boolean entries;
    private final LongAdder bytes = new LongAdder();
    private final LongAdder files = new LongAdder();
    private final AtomicLong planned = new AtomicLong(-1);

    /** @param entries whether each entry that is changed is printed */
    RestoreReport(Output out, boolean entries) {
        this.out = out;
        this.entries = entries;
    }

    ProgressState state() {
        long total = planned.get();
        return new ProgressState(total < 0 ? "planning" : null, bytes.sum(), total < 0 ? -1 : Math.max(total, bytes.sum()), files.sum(), -1, null);
    }

    @Override
    public void planned(long unused, long total) {
        planned.set(bytes.sum() + total);
    }

    @Override
    public void wrote(long count) {
        bytes.add(count);
    }

    @Override
    public boolean wantsPaths() {
        return entries;
    }

    @Override
    public void done(Action action, byte[] path) {
        files.increment();
        if (entries && action != Action.UNCHANGED) {
            try {
                out.emit(new Entry(action, path));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void failed(byte[] path, String why) {
        out.warning("'" + Text.printable(path) + "' " + why);
    }

    @Override
    public void notSet(Unset kind, byte[] path, String why) {
        out.warning("cannot set " + kind.what() + " of '" + Text.printable(path) + "': " + why + " (others of this kind are only counted)");
    }

    @Override
    public void notice(byte[] path, String what) {
        out.message("'" + Text.printable(path) + "' " + what);
    }

    private record Entry(Action action, byte[] path) implements Event {
        @Override
        public String type() {
            return "entry";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("action", action.name().toLowerCase(Locale.ROOT)).field("path", path);
        }

        @Override
        public void text(Line line) throws IOException {
            line.left(action.name().toLowerCase(Locale.ROOT), 11).name(path);
        }
    }
}
