package cairn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final JsonWriter json = new JsonWriter(out, () -> ZoneId.of("Europe/Berlin"));

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void writesNestedValuesWithCommasBetweenThem() throws IOException {
        json.beginObject().field("a", 1).name("b").beginArray().value(1).value("x").beginObject().endObject().endArray()
                .field("c", true).field("d", 0.5).field("e", (String) null).endObject().endLine();
        json.beginObject().endObject().endLine();
        assertEquals("{\"a\":1,\"b\":[1,\"x\",{}],\"c\":true,\"d\":0.5,\"e\":null}\n{}\n", text());
    }

    @Test
    void escapesWhatRfc8259WantsEscaped() throws IOException {
        json.value("\"\\/\b\f\n\r\t\u0000\u001f\u007f\u00e9\u20ac\ud83d\ude00");
        assertEquals("\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0000\\u001f\\u007f\u00e9\u20ac\ud83d\ude00\"", text());
    }

    @Test
    void namesThatAreNotUtf8AppearAsTextAndBase64() throws IOException {
        json.beginObject().field("path", new byte[] {'a', (byte) 0xFF, 'b'}).field("plain", new byte[] {'c'})
                .field("none", (byte[]) null).endObject();
        assertEquals("{\"path\":\"a\ufffdb\",\"path_base64\":\"Yf9i\",\"plain\":\"c\",\"none\":null}", text());
    }

    @Test
    void unpairedSurrogatesNeverReachTheOutput() throws IOException {
        json.value("\ud83d x \udcff");
        assertEquals("\"\ufffd x \ufffd\"", text());
    }

    @Test
    void numbersThatJsonLacksAreNull() throws IOException {
        json.beginArray().value(Double.NaN).value(Double.POSITIVE_INFINITY).value(Long.MIN_VALUE).endArray();
        assertEquals("[null,null,-9223372036854775808]", text());
    }

    @Test
    void timesCarryTheOffsetOfTheZone() throws IOException {
        json.beginObject().field("time", Instant.parse("2026-07-01T10:00:00.5Z")).endObject();
        assertEquals("{\"time\":\"2026-07-01T12:00:00.5+02:00\"}", text());
    }

    @Test
    void misuseIsNotWrittenDown() throws IOException {
        json.beginObject();
        assertThrows(IllegalStateException.class, () -> json.value(1));
        assertThrows(IllegalStateException.class, json::endArray);
        assertThrows(IllegalStateException.class, json::endLine);
        json.name("a");
        assertThrows(IllegalStateException.class, () -> json.name("b"));
        assertThrows(IllegalStateException.class, json::endObject);
    }
}
