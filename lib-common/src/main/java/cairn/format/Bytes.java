package cairn.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Fixed-width numbers in byte arrays. Formats are little-endian; ids are kept big-endian so that they sort as bytes. */
public final class Bytes {
    private static final VarHandle LONG_LE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_BE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT_LE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT_LE = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private Bytes() {
    }

    public static long getLong(byte[] b, int at) {
        return (long) LONG_LE.get(b, at);
    }

    public static void putLong(byte[] b, int at, long value) {
        LONG_LE.set(b, at, value);
    }

    public static int getInt(byte[] b, int at) {
        return (int) INT_LE.get(b, at);
    }

    public static void putInt(byte[] b, int at, int value) {
        INT_LE.set(b, at, value);
    }

    public static int getShort(byte[] b, int at) {
        return (short) SHORT_LE.get(b, at) & 0xFFFF;
    }

    public static void putShort(byte[] b, int at, int value) {
        SHORT_LE.set(b, at, (short) value);
    }

    public static long getLongBigEndian(byte[] b, int at) {
        return (long) LONG_BE.get(b, at);
    }

    public static void putLongBigEndian(byte[] b, int at, long value) {
        LONG_BE.set(b, at, value);
    }
}
