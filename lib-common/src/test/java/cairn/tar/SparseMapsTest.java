package cairn.tar;

import static cairn.tar.TarMaker.put;
import static cairn.tar.TarReaderTest.only;
import static cairn.tar.TarReaderTest.refused;
import static cairn.tar.TarReaderTest.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import cairn.tar.TarReaderTest.Read;
import java.io.IOException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sparse files in each of the formats that archives have them in. */
class SparseMapsTest {
    @Test
    void sparseFilesOfTheOldFormat() throws IOException {
        assertEquals("abc<7>de<8>", only(old(386, 482, 483, block -> { }, "20", 0, 3, 10, 2, 20, 0).content("abcde")).content());
        // more pieces than the header has room for: 4 + 21 + 1
        TarMaker maker = new TarMaker().header("s", 'S', 26, block -> {
            put(block, 257, "ustar  \0");
            pairs(block, 386, 4, 0);
            block[482] = 1;
            put(block, 483, "00000000144\0");
        });
        byte[] more = new byte[TarMaker.BLOCK];
        pairs(more, 0, 21, 4);
        more[504] = 1;
        byte[] last = new byte[TarMaker.BLOCK];
        pairs(last, 0, 1, 25);
        Read file = only(maker.content(text(more)).content(text(last)).content("abcdefghijklmnopqrstuvwxyz"));
        assertEquals("a<1>b<1>c<1>d<1>e<1>f<1>g<1>h<1>i<1>j<1>k<1>l<1>m<1>n<1>o<1>p<1>q<1>r<1>s<1>t<1>u<1>v<1>w<1>x<1>y<1>z<49>", file.content());
        assertEquals(100, file.member().size());
    }

    private static void pairs(byte[] block, int at, int count, int first) {
        for (int i = 0; i < count; i++) {
            put(block, at + 24 * i, String.format("%011o\0%011o\0", 2 * (first + i), 1));
        }
    }

    private static TarMaker old(int map, int more, int size, Consumer<byte[]> change, String realSize, int... pairs) {
        int data = 0;
        for (int i = 1; i < pairs.length; i += 2) {
            data += pairs[i];
        }
        return new TarMaker().header("s", 'S', data, block -> {
            put(block, 257, "ustar  \0");
            for (int i = 0; i < pairs.length; i += 2) {
                put(block, map + 12 * i, String.format("%011o\0%011o\0", pairs[i], pairs[i + 1]));
            }
            block[more] = 0;
            put(block, size, String.format("%011o\0", Integer.parseInt(realSize)));
            change.accept(block);
        });
    }

    @Test
    void sparseFilesOfStar() throws IOException {
        Consumer<byte[]> star = block -> {
            put(block, 257, "ustar\00000");
            put(block, 508, "tar\0");
        };
        assertEquals("abc<7>de", only(old(356, 355, 452, star, "12", 0, 3, 10, 2).content("abcde")).content());
    }

    @Test
    void sparseFilesOfPax() throws IOException {
        Read zero = only(new TarMaker().pax("GNU.sparse.size=20", "GNU.sparse.numblocks=2", "GNU.sparse.offset=5", "GNU.sparse.numbytes=2",
                "GNU.sparse.offset=10", "GNU.sparse.numbytes=1").file("s", "abc"));
        assertEquals("<5>ab<3>c<9>", zero.content());
        assertEquals(20, zero.member().size());
        assertEquals("<20>", only(new TarMaker().pax("GNU.sparse.size=20", "GNU.sparse.numblocks=0").file("s", "")).content());
        Read one = only(new TarMaker().pax("GNU.sparse.size=20", "GNU.sparse.numblocks=2", "GNU.sparse.map=5,2,10,1", "GNU.sparse.name=real",
                "path=GNUSparseFile.1/real")
                .file("s", "abc"));
        assertEquals("<5>ab<3>c<9>", one.content());
        assertEquals("real", one.name());
        String map = "3\n5\n2\n10\n1\n20\n0\n";
        map += "\0".repeat(TarMaker.BLOCK - map.length());
        assertEquals("<5>ab<3>c<9>", only(new TarMaker().pax("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.name=real", "GNU.sparse.realsize=20")
                .file("s", map + "abc")).content());
        // a map that is longer than a block, and pieces that touch are one
        StringBuilder lines = new StringBuilder("400\n");
        for (int i = 0; i < 400; i++) {
            lines.append(i).append('\n').append(1).append('\n');
        }
        String whole = lines + "\0".repeat(-lines.length() & TarMaker.BLOCK - 1);
        assertEquals("x".repeat(400), only(new TarMaker().pax("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=400")
                .file("s", whole + "x".repeat(400))).content());
    }

    @ParameterizedTest
    @ValueSource(strings = {"5,2,6,1", "5,2,4,1", "5,2,10", "5,2,30,1", "5,4", "5,1", "x", "5,,", "5,2,9223372036854775807,1", "5,9223372036854775807"})
    void mapsThatCannotBe(String map) {
        refused("it has ", new TarMaker().pax("GNU.sparse.size=20", "GNU.sparse.map=" + map).file("s", "abc"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1\n", "\n", "9999999999999999999\n", "1\n5\n3\nx\n", "2\n5\n1\n5\n2\n", "1\n5\n2", "-1\n", "1\n5\n4\n"})
    void leadingMapsThatCannotBe(String map) {
        TarMaker short1 = new TarMaker().pax("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.realsize=20").file("s", map);
        refused("map is damaged", short1);
        if (!map.startsWith("1\n5\n3\n")) {
            refused("map is damaged", new TarMaker().pax("GNU.sparse.major=1", "GNU.sparse.realsize=20")
                    .file("s", map + "\0".repeat(TarMaker.BLOCK - map.length()) + "abc"));
        }
        refused("unknown format", new TarMaker().pax("GNU.sparse.major=2", "GNU.sparse.minor=0", "GNU.sparse.realsize=20").file("s", "abc"));
        refused("unknown format", new TarMaker().pax("GNU.sparse.major=1", "GNU.sparse.minor=1", "GNU.sparse.realsize=20").file("s", "abc"));
    }
}
