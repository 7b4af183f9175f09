package cairn.remote;

import cairn.format.ByteReader;
import cairn.store.NotStoredException;
import cairn.store.TruncatedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A far file that is read at many places, fetched by pages into a stretch of a sparse local file. Each miss fetches more
 * around it than the one before, so that a file is here after few round trips if much of it is needed, and little of it
 * is fetched if not; but always as much as the line carries in the time that a few more misses would take. For any number of
 * threads.
 */
final class PagedFile {
    static final int PAGE = 64 << 10;
    /** Pages that the first miss fetches: about what a line of 20 Mbit/s carries during a round trip of 100 ms. */
    private static final int FIRST = 4;
    /** Each miss fetches so many powers of two more than the one before. */
    private static final int GROWTH = 2;
    /** What is fetched while so many round trips pass costs no more than as many misses. */
    private static final int MISSES = 3;
    private static final int MOST = 256;
    /** Pages of one request. */
    private static final int RUN = 16;

    private final Connection connection;
    private final String name;
    private final long size;
    private final FileChannel local;
    private final long base;
    private final BitSet present = new BitSet();
    /** Who asked for a page, until it was read once, also if it has come by then: what is waited for counts alike on every line. */
    private final Map<Integer, Call> pending = new HashMap<>();
    private int misses;

    /** @param base where its stretch of the local file begins */
    PagedFile(Connection connection, String name, long size, FileChannel local, long base) {
        this.connection = connection;
        this.name = name;
        this.size = size;
        this.local = local;
        this.base = base;
    }

    long size() {
        return size;
    }

    private int pages() {
        return (int) ((size + PAGE - 1) / PAGE);
    }

    synchronized boolean complete() {
        return present.cardinality() == pages();
    }

    /** Asks for all that is not here yet. */
    void fetchAll() throws IOException {
        request(0, pages(), Math.max(1, pages()));
    }

    /** Asks for a part, and for what is around it. */
    void fetch(long offset, long length) throws IOException {
        if (offset < 0 || length <= 0 || offset > size - length) {
            return;
        }
        int from = (int) (offset / PAGE);
        int to = (int) ((offset + length - 1) / PAGE) + 1;
        int wanted;
        synchronized (this) {
            if (firstMissing(from) >= to) {
                return;
            }
            int carried = (int) Math.min(MOST, connection.line().carries(MISSES) / PAGE);
            wanted = Math.max(carried, FIRST << Math.min(GROWTH * misses++, 20));
        }
        request(from, to, wanted);
    }

    private synchronized int firstMissing(int from) {
        int page = from;
        while (page < pages() && (present.get(page) || pending.containsKey(page))) {
            page++;
        }
        return page;
    }

    /** Asks for the missing ones of some pages, and behind and before them up to so many in all. */
    private void request(int from, int to, int wanted) throws IOException {
        int end = Math.min(pages(), Math.max(to, from + wanted));
        int begin = Math.max(0, Math.min(from, end - wanted));
        boolean asked = false;
        for (int page = begin; page < end;) {
            int first;
            int last;
            Pages call;
            synchronized (this) {
                first = firstMissing(page);
                last = first;
                while (last < end && last - first < RUN && !present.get(last) && !pending.containsKey(last)) {
                    last++;
                }
                if (first >= end) {
                    break;
                }
                call = new Pages(first, last);
                for (int i = first; i < last; i++) {
                    pending.put(i, call);
                }
            }
            try {
                connection.ask(call, Message.READ, call.request(), false);
            } catch (IOException e) {
                call.fail(e);
                throw e;
            }
            asked = true;
            page = last;
        }
        if (asked) {
            connection.flush();
        }
    }

    /** Reads, and waits for what is not here. */
    void read(String location, long offset, byte[] buffer, int start, int length) throws IOException {
        if (offset > size - length) {
            throw new TruncatedException(location, name, offset + length, size);
        }
        if (length == 0) {
            return;
        }
        fetch(offset, length);
        int from = (int) (offset / PAGE);
        int to = (int) ((offset + length - 1) / PAGE) + 1;
        Set<Call> awaited = new HashSet<>();
        synchronized (this) {
            for (int page = from; page < to; page++) {
                Call call = pending.get(page);
                if (call != null) {
                    awaited.add(call);
                }
            }
        }
        for (Call call : awaited) {
            call.await();
        }
        synchronized (this) {
            for (int page = from; page < to; page++) {
                pending.remove(page);
            }
            if (present.nextClearBit(from) < to) {
                throw new NotStoredException(location, name);
            }
        }
        ByteBuffer into = ByteBuffer.wrap(buffer, start, length);
        while (into.hasRemaining()) {
            if (local.read(into, base + offset + into.position() - start) < 0) {
                throw new IOException("the temporary file of the cache is shorter than what was written to it");
            }
        }
    }

    /** Takes all of it from a local file. */
    void fill(FileChannel content) throws IOException {
        for (long at = 0; at < size;) {
            long moved = local.transferFrom(content.position(at), base + at, size - at);
            if (moved <= 0) {
                return; // then it is fetched
            }
            at += moved;
        }
        synchronized (this) {
            present.set(0, pages());
        }
    }

    /** Copies all of it; it must be complete. */
    void writeTo(FileChannel out) throws IOException {
        for (long at = 0; at < size;) {
            at += local.transferTo(base + at, size - at, out);
        }
    }

    private final class Pages extends Call {
        private final int first;
        private final int last;
        private long at;

        Pages(int first, int last) {
            this.first = first;
            this.last = last;
            this.at = (long) first * PAGE;
        }

        private long end() {
            return Math.min(size, (long) last * PAGE);
        }

        byte[] request() {
            return Requests.range(name, at, end() - at, false);
        }

        @Override
        void part(int type, byte[] payload) throws IOException {
            if (type != Message.BYTES || payload.length > end() - at) {
                throw new ByteReader(payload, "an answer of '" + connection.location() + "'").damaged("is longer than what was asked for");
            }
            for (ByteBuffer left = ByteBuffer.wrap(payload); left.hasRemaining();) {
                at += local.write(left, base + at);
            }
        }

        @Override
        void finished() {
            synchronized (PagedFile.this) {
                for (int page = first; page < last; page++) {
                    if (!failed() && at == end()) {
                        present.set(page);
                    } else {
                        pending.remove(page);
                    }
                }
            }
        }
    }
}
