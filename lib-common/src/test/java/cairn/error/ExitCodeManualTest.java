package cairn.error;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ExitCodeManualTest {
    private static final Pattern ITEM = Pattern.compile("^\\.It (\\d+)\\n\\.No (.*?) \\.$", Pattern.MULTILINE);

    @Test
    void theManualListsEveryStatusWithItsMeaningInOrder() throws IOException {
        Path top = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().getParent();
        Matcher items = ITEM.matcher(Files.readString(top.resolve("man/cairn-exit-codes.7")));
        List<String> inManual = items.results().map(item -> item.group(1) + " " + item.group(2)).toList();
        assertEquals(Arrays.stream(ExitCode.values()).map(code -> code.status() + " " + code.meaning()).toList(), inManual);
    }
}
