package cairn.bench;

import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.format.RepositoryId;
import cairn.index.IndexSet;
import cairn.index.IndexedPack;
import cairn.index.Presence;
import cairn.index.SessionIndex;
import cairn.store.LocalFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Look-ups a second in an index of one file, for ids that are there and ids that are not, with and without filters. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Xmx192m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class IndexLookup {
    private static final int PER_PACK = 200;

    @Param("5000000")
    public int entries;

    /** Bytes that the filter may take. */
    @Param({"0", "67108864"})
    public long filterBudget;

    private Path folder;
    private LocalFolder storage;
    private Presence presence;
    private final SplittableRandom random = new SplittableRandom(1);

    /** The id of a number, as evenly spread as a hash. */
    private static BlobId id(long number) {
        SplittableRandom bits = new SplittableRandom(number);
        return new BlobId(bits.nextLong(), bits.nextLong(), bits.nextLong(), bits.nextLong());
    }

    @Setup(Level.Trial)
    public void write() throws IOException {
        folder = Files.createTempDirectory("cairn-index");
        storage = LocalFolder.create(folder.toString());
        RepositoryId repository = new RepositoryId(1, 2);
        IndexSet index = IndexSet.open(storage, repository, filterBudget, null);
        presence = new Presence(index, (signer, pack) -> true);
        SessionIndex session =
                new SessionIndex(storage, repository, null, index, presence, SessionIndex.MOST_RECENT);
        byte[] nobody = new byte[32];
        for (int pack = 0; pack < entries / PER_PACK; pack++) {
            session.written(new IndexedPack(new Hash(pack * 0x9E3779B97F4A7C15L, pack, 0, 0), 1, 16 << 20, nobody), new Blobs(pack));
        }
        session.flush();
        index.mergeAll(null, any -> true, signer -> true, pack -> false);
    }

    private record Blobs(int pack) implements SessionIndex.Blobs {
        @Override
        public int count() {
            return PER_PACK;
        }

        @Override
        public BlobId id(int blob) {
            return IndexLookup.id((long) pack * PER_PACK + blob);
        }

        @Override
        public int offset(int blob) {
            return 80_000 * blob;
        }

        @Override
        public int stored(int blob) {
            return 80_000;
        }

        @Override
        public int plain(int blob) {
            return 100_000;
        }
    }

    @TearDown(Level.Trial)
    public void remove() throws IOException {
        storage.close();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Benchmark
    public boolean present() throws IOException {
        return presence.has(id(random.nextInt(entries)));
    }

    @Benchmark
    public boolean absent() throws IOException {
        return presence.has(id(entries + (random.nextLong() >>> 1)));
    }
}
