package cairn.bench;

import cairn.chunk.ChunkParams;
import cairn.chunk.Chunker;
import cairn.chunk.GearTable;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Cutting 32 MiB of random data: operations a second times 32 are MiB a second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChunkerBenchmark {
    @Param({"65536", "262144", "1048576"})
    private int average;

    private final byte[] data = new byte[32 << 20];
    private Chunker chunker;

    @Setup
    public void setUp() {
        new Random(1).nextBytes(data);
        chunker = new Chunker(ChunkParams.ofAverage(average), GearTable.of(new byte[GearTable.SEED_BYTES]));
    }

    @Benchmark
    public int cut() {
        int chunks = 0;
        for (int at = 0; at < data.length; chunks++) {
            at += chunker.cut(data, at, data.length - at, true);
        }
        return chunks;
    }
}
