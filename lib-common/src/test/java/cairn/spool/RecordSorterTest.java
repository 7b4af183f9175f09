package cairn.spool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.format.Bytes;
import cairn.posix.RawString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordSorterTest {
    /** By the first byte only, so that many count as equal. */
    private static final RecordSorter.Order FIRST_BYTE = (a, aAt, aLength, b, bAt, bLength) -> Integer.compare(a[aAt] & 0xFF, b[bAt] & 0xFF);

    @TempDir
    Path temp;

    private RecordSorter sorter(int memory) {
        return new RecordSorter(new Spool(RawString.encode(temp.toString())), FIRST_BYTE, memory);
    }

    private static List<byte[]> records(int count) {
        Random random = new Random(count);
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] record = new byte[5 + random.nextInt(i % 97 == 0 ? 5000 : 20)];
            random.nextBytes(record);
            Bytes.putInt(record, 1, i);
            records.add(record);
        }
        return records;
    }

    private static void assertComesOut(List<byte[]> wanted, RecordSorter.Cursor cursor) throws IOException {
        for (byte[] record : wanted) {
            assertTrue(cursor.next());
            assertArrayEquals(record, Arrays.copyOfRange(cursor.array(), cursor.offset(), cursor.offset() + cursor.length()));
        }
        assertFalse(cursor.next());
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 3000, 1 << 16, 1 << 24})
    void recordsComeInOrderAndEqualOnesAsTheyWereAdded(int memory) throws IOException {
        List<byte[]> records = records(5000);
        try (RecordSorter sorter = sorter(memory)) {
            for (byte[] record : records) {
                byte[] larger = new byte[record.length + 3];
                System.arraycopy(record, 0, larger, 2, record.length);
                sorter.add(larger, 2, record.length);
            }
            assertEquals(records.size(), sorter.size());
            records.sort((a, b) -> Integer.compare(a[0] & 0xFF, b[0] & 0xFF)); // stable
            assertComesOut(records, sorter.sorted());
            RecordSorter.Cursor second = sorter.sorted();
            RecordSorter.Cursor third = sorter.sorted();
            assertTrue(third.next());
            assertComesOut(records, second);
            assertThrows(IllegalStateException.class, () -> sorter.add(new byte[4], 0, 4));
        }
    }

    @Test
    void recordsAboveTheMemoryAreMergedAsTheyCome() throws IOException {
        List<byte[]> records = new ArrayList<>();
        try (RecordSorter sorter = sorter(100)) {
            for (int i = 0; i < 9; i++) {
                byte[] record = new byte[3 << 20];
                record[0] = (byte) (i * 7 % 9);
                record[record.length - 1] = (byte) i;
                records.add(record);
                sorter.add(record, 0, record.length);
            }
            records.sort((a, b) -> Integer.compare(a[0], b[0]));
            assertComesOut(records, sorter.sorted());
        }
    }

    @Test
    void nothingSortedIsNothing() throws IOException {
        try (RecordSorter sorter = sorter(100)) {
            assertFalse(sorter.sorted().next());
        }
    }

    @Test
    void nothingIsLeftInTheFolder() throws IOException {
        try (RecordSorter sorter = sorter(100)) {
            for (byte[] record : records(500)) {
                sorter.add(record, 0, record.length);
            }
            assertEquals(0, temp.toFile().list().length);
        }
    }
}
