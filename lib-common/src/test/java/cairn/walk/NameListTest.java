package cairn.walk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.TreeMap;
import cairn.posix.RawPath;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class NameListTest {
    @Property(tries = 300, seed = "1")
    void namesAreSortedByUnsignedBytesAndOnce(@ForAll @Size(max = 200) List<@Size(max = 4) byte[]> names) {
        NameList list = new NameList();
        TreeMap<RawPath.Key, Integer> expected = new TreeMap<>((a, b) -> RawPath.compare(a.bytes(), b.bytes()));
        for (int i = 0; i < names.size(); i++) {
            list.add(names.get(i), i % 100);
            expected.putIfAbsent(new RawPath.Key(names.get(i)), i % 100);
        }
        list.sort();
        assertEquals(expected.size(), list.size());
        int at = 0;
        for (var each : expected.entrySet()) {
            assertArrayEquals(each.getKey().bytes(), list.name(at));
            assertEquals(each.getValue(), list.type(at), "the first that was added is kept");
            assertEquals(at, list.find(each.getKey().bytes()));
            at++;
        }
        assertEquals(-1, list.find(new byte[] {0, 1, 2, 3, 4, 5}));
    }
}
