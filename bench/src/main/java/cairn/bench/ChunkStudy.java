package cairn.bench;

import cairn.chunk.ChunkParams;
import cairn.chunk.Chunker;
import cairn.chunk.GearTable;
import cairn.hash.Blake3;
import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What the lengths of chunks cost and bring. {@code -Dsizes=64,128,16/128/1024} names the mean in KiB, or minimum,
 * mean and maximum. Arguments are sets, {@code NAME=PATH}, a tree or a file, which go one after the other into one
 * store; {@code NAME=PATH@1} stands for a later state of a tree in which 1 % of the files changed (chosen and changed
 * by a fixed seed: some bytes inserted, some overwritten, some cut out). {@code --fresh} between sets begins with an
 * empty store again. Runs of 64 KiB of zeros and more are left out, like holes.
 *
 * <p>For each set: its bytes, how many of them the store had already, new blobs, their bytes plain and after zstd -3,
 * and the index of all blobs so far (48 bytes each).
 */
public final class ChunkStudy {
    private static final int HOLE = 64 << 10;
    private static final int BLOCK = 4096;

    private record Id(long a, long b) {
    }

    private final Chunker chunker;
    private final Set<Id> store = new HashSet<>();
    private final Blake3 hasher = Blake3.hasher();
    private final byte[] id = new byte[32];
    private final byte[] packed;
    private final int level;

    private long read;
    private long known;
    private long blobs;
    private long plain;
    private long stored;
    private int changedPercent;

    private ChunkStudy(ChunkParams params, int level) {
        chunker = new Chunker(params, GearTable.of(new byte[GearTable.SEED_BYTES]));
        packed = new byte[(int) Zstd.compressBound(params.max())];
        this.level = level;
    }

    public static void main(String[] args) throws IOException {
        int level = Integer.getInteger("level", 3);
        System.out.println("| KiB | set | MiB | shared % | new blobs | new MiB | zstd MiB | index MiB |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (String sizes : System.getProperty("sizes", "64,128,256,512,1024").split(",")) {
            int[] kib = Arrays.stream(sizes.split("/")).mapToInt(Integer::parseInt).map(k -> k << 10).toArray();
            ChunkStudy study = new ChunkStudy(
                kib.length == 1 ? ChunkParams.ofAverage(kib[0]) : new ChunkParams(kib[0], kib[1], kib[2]), level);
            for (String set : args) {
                if (set.equals("--fresh")) {
                    study.store.clear();
                } else {
                    study.run(set, sizes);
                }
            }
        }
    }

    private void run(String set, String sizes) throws IOException {
        read = known = blobs = plain = stored = 0;
        String path = set.substring(set.indexOf('=') + 1);
        int at = path.lastIndexOf('@');
        changedPercent = at < 0 ? 0 : Integer.parseInt(path.substring(at + 1));
        for (Path file : files(Path.of(at < 0 ? path : path.substring(0, at)))) {
            file(file);
        }
        System.out.printf("| %s | %s | %.1f | %.2f | %d | %.1f | %.1f | %.3f |%n", sizes,
            set.substring(0, set.indexOf('=')), mib(read), 100.0 * known / Math.max(1, read), blobs, mib(plain),
            mib(stored), mib(48L * store.size()));
    }

    private static double mib(long bytes) {
        return bytes / 1048576.0;
    }

    private static List<Path> files(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && attributes.size() > 0) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null);
        return files;
    }

    private void file(Path file) throws IOException {
        long size = Files.size(file);
        if (size <= 64 << 20) {
            byte[] data = Files.readAllBytes(file);
            Random random = new Random(file.toString().hashCode());
            if (changedPercent > 0 && random.nextInt(100) < changedPercent) {
                data = changed(data, random);
            }
            extents(data, data.length, true);
            return;
        }
        byte[] buffer = new byte[64 << 20];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            int filled = 0;
            for (long left = size; left > 0; ) {
                int n = (int) Math.min(buffer.length - filled, left);
                in.readFully(buffer, filled, n);
                left -= n;
                filled += n;
                int used = extents(buffer, filled, left == 0);
                System.arraycopy(buffer, used, buffer, 0, filled - used);
                filled -= used;
            }
        }
    }

    /**
     * Cuts what lies between holes; unless it is the end, leaves a last piece for the next call, and says where that
     * starts.
     */
    private int extents(byte[] data, int length, boolean end) {
        int from = 0;
        while (from < length) {
            int to = from;
            while (to < length && !isHole(data, to, length)) {
                to = Math.min(length, to + BLOCK);
            }
            boolean last = to < length || end;
            for (int cut; from < to; from += cut) {
                cut = chunk(data, from, to - from, last);
                if (cut < 0) {
                    return from;
                }
            }
            while (from < length && isHole(data, from, length)) {
                from += HOLE;
                while (from + BLOCK <= length && isZero(data, from, BLOCK)) {
                    from += BLOCK;
                }
            }
        }
        return from;
    }

    private static boolean isHole(byte[] data, int at, int length) {
        return length - at >= HOLE && isZero(data, at, HOLE);
    }

    private static boolean isZero(byte[] data, int at, int length) {
        for (int i = at; i < at + length; i++) {
            if (data[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private int chunk(byte[] data, int off, int length, boolean last) {
        int n = chunker.cut(data, off, length, last);
        if (n < 0) {
            return n;
        }
        hasher.hash(data, off, n, id, 0);
        read += n;
        long a = 0;
        long b = 0;
        for (int i = 0; i < 8; i++) {
            a = a << 8 | id[i] & 0xff;
            b = b << 8 | id[8 + i] & 0xff;
        }
        if (store.add(new Id(a, b))) {
            blobs++;
            plain += n;
            stored += Math.min(n, Zstd.compressByteArray(packed, 0, packed.length, data, off, n, level));
        } else {
            known += n;
        }
        return n;
    }

    private static byte[] changed(byte[] data, Random random) {
        byte[] text = ("/* changed " + random.nextLong() + " */\n").getBytes(StandardCharsets.US_ASCII);
        int places = 1 + random.nextInt(3);
        for (int i = 0; i < places; i++) {
            int at = random.nextInt(data.length + 1);
            int skip = switch (random.nextInt(3)) {
                case 0 -> 0;
                case 1 -> Math.min(text.length, data.length - at);
                default -> Math.min(random.nextInt(500), data.length - at);
            };
            byte[] next = new byte[data.length - skip + text.length];
            System.arraycopy(data, 0, next, 0, at);
            System.arraycopy(text, 0, next, at, text.length);
            System.arraycopy(data, at + skip, next, at + text.length, data.length - at - skip);
            data = next;
        }
        return data;
    }
}
