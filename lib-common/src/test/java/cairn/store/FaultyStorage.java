package cairn.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A storage that fails where a test plans it, and fails the test when a planned fault was never reached: otherwise a
 * test of error handling stays green after the code has ceased to come by.
 *
 * <p>Use it in a try-with-resources statement; {@link #close()} does not close the storage behind it.
 */
public final class FaultyStorage extends ForwardingStorage {

    /** What is called. {@code WRITE} is also {@link StoredWriter#publish}, {@code READ} also {@link Storage#readAll}. */
    public enum Operation {
        LIST,
        STAT,
        READ,
        WRITE,
        BEGIN,
        DELETE,
        NOW,
        TIDY
    }

    /** How it goes wrong. */
    public enum Fault {
        /** Nothing is done, and an {@code IOException} says so. */
        FAIL,
        /** It is done, but an {@code IOException} comes back, as when a connection breaks before the answer. */
        FAIL_AFTER,
        /** WRITE: the first half becomes visible, then an {@code IOException}, as on a storage that keeps no promise. */
        TORN,
        /** WRITE, DELETE: it is reported as done, but is not. */
        LOST,
        /** LIST: shows what was there when the fault was planned. */
        STALE,
        /** READ: {@link TruncatedException}. */
        SHORT,
        /** READ: one bit of what is read is wrong. */
        FLIPPED
    }

    /** What a planned fault throws. */
    public static final class PlannedFault extends IOException {
        PlannedFault(Operation operation, String name) {
            super("planned fault: " + operation + " '" + name + "'");
        }
    }

    private static final class Plan {
        private final Operation operation;
        private final String prefix;
        private final Fault fault;
        private final Map<String, StoredFile> before;
        private int callsLeft;

        private Plan(Operation operation, String prefix, int call, Fault fault, Map<String, StoredFile> before) {
            this.operation = operation;
            this.prefix = prefix;
            this.fault = fault;
            this.before = before;
            callsLeft = call;
        }
    }

    private final List<Plan> plans = new ArrayList<>();
    private int changesLeft = -1;
    private boolean dead;

    public FaultyStorage(Storage inner) {
        super(inner);
    }

    /**
     * Plans a fault for the {@code call}th call (from 1, counted from now on) of an operation on a name with this prefix.
     */
    public synchronized FaultyStorage plan(Operation operation, String prefix, int call, Fault fault) throws IOException {
        boolean fits = switch (fault) {
            case FAIL, FAIL_AFTER -> true;
            case TORN -> operation == Operation.WRITE;
            case LOST -> operation == Operation.WRITE || operation == Operation.DELETE;
            case STALE -> operation == Operation.LIST;
            case SHORT, FLIPPED -> operation == Operation.READ;
        };
        if (!fits || call < 1) {
            throw new IllegalArgumentException(operation + " cannot be " + fault + " at call " + call);
        }
        Map<String, StoredFile> before = new TreeMap<>();
        if (fault == Fault.STALE) {
            inner.list("", file -> before.put(file.name(), file));
        }
        plans.add(new Plan(operation, prefix, call, fault, before));
        return this;
    }

    /**
     * Lets {@code changes} more writes and deletions happen; the next one, and every call of any kind after it, fails
     * as if the program had been killed.
     */
    public synchronized FaultyStorage dieAfter(int changes) {
        changesLeft = changes;
        return this;
    }

    /** Whether {@link #dieAfter} has come true. */
    public synchronized boolean isDead() {
        return dead;
    }

    /** Fails the test if a fault was not reached. */
    @Override
    public synchronized void close() {
        for (Plan plan : plans) {
            throw new AssertionError("planned fault never reached: " + plan.operation + " '" + plan.prefix + "' "
                    + plan.fault + ", " + plan.callsLeft + " calls left");
        }
    }

    private synchronized Plan next(Operation operation, String name) throws IOException {
        boolean change = operation == Operation.WRITE || operation == Operation.DELETE;
        if (change && changesLeft == 0) {
            dead = true;
        }
        if (dead) {
            throw new PlannedFault(operation, name);
        }
        if (change && changesLeft > 0) {
            changesLeft--;
        }
        Plan hit = null;
        for (Plan plan : plans) {
            if (plan.operation == operation && name.startsWith(plan.prefix) && --plan.callsLeft == 0) {
                hit = plan;
            }
        }
        plans.remove(hit);
        if (hit != null && hit.fault == Fault.FAIL) {
            throw new PlannedFault(operation, name);
        }
        return hit;
    }

    private static boolean is(Plan plan, Fault fault) {
        return plan != null && plan.fault == fault;
    }

    private static void after(Plan plan, String name) throws IOException {
        if (is(plan, Fault.FAIL_AFTER)) {
            throw new PlannedFault(plan.operation, name);
        }
    }

    @Override
    public void list(String folder, Consumer<StoredFile> each) throws IOException {
        Plan plan = next(Operation.LIST, folder);
        if (is(plan, Fault.STALE)) {
            plan.before.values().stream().filter(f -> f.name().startsWith(folder)).forEach(each);
            return;
        }
        inner.list(folder, each);
        after(plan, folder);
    }

    @Override
    public Optional<StoredFile> stat(String name) throws IOException {
        Plan plan = next(Operation.STAT, name);
        Optional<StoredFile> file = inner.stat(name);
        after(plan, name);
        return file;
    }

    @Override
    public void read(String name, long offset, byte[] buffer, int start, int length) throws IOException {
        Plan plan = next(Operation.READ, name);
        inner.read(name, offset, buffer, start, length);
        afterRead(plan, name, offset, buffer, start, length);
    }

    @Override
    public byte[] readAll(String name, int limit) throws IOException {
        Plan plan = next(Operation.READ, name);
        byte[] content = inner.readAll(name, limit);
        afterRead(plan, name, 0, content, 0, content.length);
        return content;
    }

    private void afterRead(Plan plan, String name, long offset, byte[] buffer, int start, int length) throws IOException {
        if (is(plan, Fault.SHORT)) {
            throw new TruncatedException(location(), name, offset + length, offset + length / 2);
        }
        if (is(plan, Fault.FLIPPED)) {
            buffer[start + length / 2] ^= 4;
        }
        after(plan, name);
    }

    @Override
    public void write(String name, byte[] content, int start, int length) throws IOException {
        Plan plan = next(Operation.WRITE, name);
        if (is(plan, Fault.LOST)) {
            return;
        }
        if (is(plan, Fault.TORN)) {
            inner.write(name, content, start, length / 2);
            throw new PlannedFault(Operation.WRITE, name);
        }
        inner.write(name, content, start, length);
        after(plan, name);
    }

    @Override
    public StoredWriter begin(String folder) throws IOException {
        Plan plan = next(Operation.BEGIN, folder);
        StoredWriter writer = inner.begin(folder);
        if (is(plan, Fault.FAIL_AFTER)) {
            writer.close();
            after(plan, folder);
        }
        return new Writer(folder, writer);
    }

    private final class Writer extends ForwardingWriter {
        private final String folder;
        private final ByteArrayOutputStream copy = new ByteArrayOutputStream();

        private Writer(String folder, StoredWriter writer) {
            super(writer);
            this.folder = folder;
        }

        @Override
        public void write(byte[] bytes, int start, int length) throws IOException {
            super.write(bytes, start, length);
            copy.write(bytes, start, length);
        }

        @Override
        public void publish(String name) throws IOException {
            Plan plan = next(Operation.WRITE, name);
            if (is(plan, Fault.LOST)) {
                return;
            }
            if (is(plan, Fault.TORN)) {
                inner.write(name, copy.toByteArray(), 0, copy.size() / 2);
                throw new PlannedFault(Operation.WRITE, folder);
            }
            super.publish(name);
            after(plan, name);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Plan plan = next(Operation.DELETE, name);
        if (is(plan, Fault.LOST)) {
            return;
        }
        inner.delete(name);
        after(plan, name);
    }

    @Override
    public Instant now() throws IOException {
        Plan plan = next(Operation.NOW, "");
        Instant now = inner.now();
        after(plan, "");
        return now;
    }

    @Override
    public int tidy() throws IOException {
        Plan plan = next(Operation.TIDY, "");
        int removed = inner.tidy();
        after(plan, "");
        return removed;
    }
}
