package cairn.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cairn.error.CairnException;
import cairn.posix.PrivateMounts;
import cairn.posix.RawString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappedTableTest {
    private record Key(long first, long second) {}

    @TempDir
    Path temp;

    private List<Path> files() throws IOException {
        try (var all = Files.list(temp)) {
            return all.toList();
        }
    }

    /** As a map of the JDK, through several growths; keys of few bits, of one half alike, and of all bits. */
    @ParameterizedTest
    @ValueSource(ints = {0, 8, 12, 16, 28})
    void itHoldsWhatAMapHolds(int valueBytes) throws IOException {
        Random random = new Random(valueBytes);
        Map<Key, Long> expected = new HashMap<>();
        try (MappedTable table = new MappedTable(temp, "any", valueBytes)) {
            for (int i = 0; i < 60_000; i++) {
                Key key = switch (i % 3) {
                    case 0 -> new Key(random.nextInt(200), 1 + random.nextInt(200));
                    case 1 -> new Key(7, random.nextLong() | 1);
                    default -> new Key(random.nextLong(), 5);
                };
                long value = random.nextLong();
                assertEquals(expected.containsKey(key), table.find(key.first, key.second) >= 0);
                long place = table.add(key.first, key.second);
                assertEquals(expected.containsKey(key), place == -1);
                if (place >= 0) {
                    for (int at = 0; at + 4 <= valueBytes; at += 4) {
                        assertEquals(0, table.getInt(place, at), "a new value is 0");
                    }
                    expected.put(key, value);
                    set(table, place, valueBytes, value);
                }
            }
            assertEquals(expected.size(), table.size());
            for (Map.Entry<Key, Long> each : expected.entrySet()) {
                long place = table.find(each.getKey().first, each.getKey().second);
                assertTrue(place >= 0, "lost " + each.getKey());
                checkValue(table, place, valueBytes, each.getValue());
                assertEquals(-1, table.find(each.getKey().first, Long.MIN_VALUE + each.getKey().second));
            }
        }
        assertEquals(List.of(), files());
    }

    private static void set(MappedTable table, long place, int bytes, long value) {
        int at = 0;
        for (; at + 8 <= bytes; at += 8) {
            table.setLong(place, at, value + at);
        }
        if (at + 4 <= bytes) {
            table.setInt(place, at, (int) value);
        }
    }

    private static void checkValue(MappedTable table, long place, int bytes, long value) {
        int at = 0;
        for (; at + 8 <= bytes; at += 8) {
            assertEquals(value + at, table.getLong(place, at));
        }
        if (at + 4 <= bytes) {
            assertEquals((int) value, table.getInt(place, at));
        }
    }

    @Test
    void itHasNoFileUntilSomethingIsAdded() throws IOException {
        try (MappedTable table = new MappedTable(temp.resolve("not there"), "any", 0)) {
            assertEquals(-1, table.find(1, 2));
            assertEquals(0, table.size());
            assertThrows(IOException.class, () -> table.add(1, 2), "the folder is needed now");
            assertEquals(0, table.size());
            Files.createDirectory(temp.resolve("not there"));
            assertTrue(table.add(1, 2) >= 0, "and now it is there");
        }
    }

    @Test
    void nobodyElseSeesItsFile() throws IOException {
        try (MappedTable table = new MappedTable(temp, "any", 4)) {
            for (long i = 1; i < 10_000; i++) {
                table.add(i, i);
            }
            assertEquals(List.of(), files());
        }
    }

    @Test
    void theMarkOfAFreePlaceIsNoKey() {
        try (MappedTable table = new MappedTable(temp, "any", 0)) {
            assertThrows(IllegalArgumentException.class, () -> table.add(1, 0));
            assertEquals(0, table.size());
        }
    }

    @Test
    void aFullDiskIsAnErrorAndTheTableGoesOnAsItWas() throws Exception {
        assumeTrue(PrivateMounts.available(), "needs the right to mount");
        PrivateMounts.run(() -> {
            PrivateMounts.mount("none", RawString.encode(temp.toString()), "tmpfs", 0, "size=1m");
            try (MappedTable table = new MappedTable(temp, "any", 0)) {
                CairnException full = assertThrows(CairnException.class, () -> {
                    for (long key = 1; key < 1_000_000; key++) {
                        table.add(key, key);
                    }
                });
                assertTrue(full.getMessage().contains("no room") && full.getMessage().contains(temp.toString()), full.getMessage());
                for (long key = 1; key <= table.size(); key++) {
                    assertTrue(table.find(key, key) >= 0);
                }
                assertEquals(List.of(), files(), "nothing is left");
            }
        });
    }
}
