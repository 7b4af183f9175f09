package cairn.independent;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/** Reads the primitives of docs/format.md, "Conventions". */
final class Cursor {
    private final byte[] bytes;
    private final int end;
    private int at;

    Cursor(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    Cursor(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    long number(int length) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (bytes[step(1)] & 0xFFL) << 8 * i;
        }
        return value;
    }

    int u8() {
        return (int) number(1);
    }

    int u16() {
        return (int) number(2);
    }

    long u32() {
        return number(4);
    }

    long u64() {
        return number(8);
    }

    long varint() {
        long value = 0;
        for (int shift = 0;; shift += 7) {
            int b = u8();
            value |= (b & 0x7FL) << shift;
            if (b < 128) {
                return value;
            }
        }
    }

    long signed() {
        long value = varint();
        return (value & 1) == 0 ? value >>> 1 : -(value >>> 1) - 1;
    }

    byte[] take(int length) {
        int from = step(length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    byte[] string() {
        return take((int) varint());
    }

    String text() {
        return new String(string(), StandardCharsets.UTF_8);
    }

    Instant time() {
        return Instant.ofEpochSecond(signed(), varint());
    }

    int position() {
        return at;
    }

    int left() {
        return end - at;
    }

    void end() {
        Check.that(at == end, "bytes left over: " + (end - at));
    }

    private int step(int length) {
        Check.that(length >= 0 && length <= end - at, "ends too early");
        at += length;
        return at - length;
    }
}
