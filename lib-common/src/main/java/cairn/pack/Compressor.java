package cairn.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import java.util.Arrays;

/** Compresses payloads and proves each result by decompressing it again. One a thread; reuses its contexts and buffers. */
final class Compressor implements AutoCloseable {
    private static final int PROBE_ABOVE = 64 << 10;
    private static final int PROBE_BYTES = 8 << 10;

    private final Compression compression;
    private final ZstdCompressCtx compress = new ZstdCompressCtx();
    private final ZstdDecompressCtx decompress = new ZstdDecompressCtx();
    private ZstdCompressCtx probe;
    private byte[] out = new byte[64 << 10];
    private byte[] check = new byte[64 << 10];

    Compressor(Compression compression) {
        this.compression = compression;
        if (compression.level() > 0) {
            compress.setLevel(compression.level());
        }
    }

    /**
     * Compresses into {@link #output()}.
     *
     * @return the number of bytes, or -1 if it is not worth it: the payload is then stored as it is
     */
    int compress(byte[] in, int offset, int length) {
        if (compression.level() == 0 || length < 32 || compression.probe() && length > PROBE_ABOVE && !worthTrying(in, offset, length)) {
            return -1;
        }
        int bound = (int) Zstd.compressBound(length);
        if (out.length < bound) {
            out = new byte[bound];
        }
        int size = compress.compressByteArray(out, 0, out.length, in, offset, length);
        if (size >= length - (length >>> 6)) {
            return -1;
        }
        if (check.length < length) {
            check = new byte[length];
        }
        int back = decompress.decompressByteArray(check, 0, length, out, 0, size);
        if (back != length || !Arrays.equals(check, 0, length, in, offset, offset + length)) {
            throw new IllegalStateException("what zstd compressed does not decompress to the same bytes: check this machine's memory");
        }
        return size;
    }

    byte[] output() {
        return out;
    }

    private boolean worthTrying(byte[] in, int offset, int length) {
        if (probe == null) {
            probe = new ZstdCompressCtx();
            probe.setLevel(-1);
        }
        int size = probe.compressByteArray(out, 0, out.length, in, offset + (length - PROBE_BYTES) / 2, PROBE_BYTES);
        return size < PROBE_BYTES - PROBE_BYTES / 64;
    }

    @Override
    public void close() {
        compress.close();
        decompress.close();
        if (probe != null) {
            probe.close();
        }
    }
}
