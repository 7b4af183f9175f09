package cairn.bench;

import cairn.hash.Blake3;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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

/**
 * Hashing 1 MiB as inputs of one size: operations a second are MiB a second. The measure for BLAKE3 is the JDK's
 * SHA-256 on a CPU without SHA instructions, which a switch of the JVM stands in for.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HashBenchmark {
    private static final int TOTAL = 1 << 20;

    @Param({"512", "4096", "16384", "65536", "262144", "1048576"})
    private int size;

    private final byte[] in = new byte[TOTAL];
    private byte[] out;
    private int[] off;
    private int[] len;
    private Blake3 blake3;
    private MessageDigest sha256;

    @Setup
    public void setUp() throws NoSuchAlgorithmException {
        new Random(1).nextBytes(in);
        int n = TOTAL / size;
        out = new byte[32 * n];
        off = new int[n];
        len = new int[n];
        for (int i = 0; i < n; i++) {
            off[i] = i * size;
            len[i] = size;
        }
        blake3 = Blake3.keyed(new byte[32]);
        sha256 = MessageDigest.getInstance("SHA-256");
    }

    @Benchmark
    public byte[] blake3OneByOne() {
        for (int i = 0; i < off.length; i++) {
            blake3.hash(in, off[i], len[i], out, 32 * i);
        }
        return out;
    }

    @Benchmark
    public byte[] blake3AllAtOnce() {
        blake3.hashAll(in, off, len, off.length, out, 0);
        return out;
    }

    @Benchmark
    public byte[] sha256() throws DigestException {
        return sha256All();
    }

    @Benchmark
    @Fork(value = 1, jvmArgsAppend = {"-XX:+UnlockDiagnosticVMOptions", "-XX:-UseSHA256Intrinsics"})
    public byte[] sha256WithoutInstructions() throws DigestException {
        return sha256All();
    }

    private byte[] sha256All() throws DigestException {
        for (int i = 0; i < off.length; i++) {
            sha256.update(in, off[i], len[i]);
            sha256.digest(out, 32 * i, 32);
        }
        return out;
    }
}
