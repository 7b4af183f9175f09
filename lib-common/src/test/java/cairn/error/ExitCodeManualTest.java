package cairn.error;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ExitCodeManualTest {
    private static final Pattern ITEM = Pattern.compile("^\\.It (\\d+)\\n\\.No (.*?) \\.$", Pattern.MULTILINE);

    private static final Pattern ROW = Pattern.compile("^\\| (\\d+) \\| (.*?) \\|$", Pattern.MULTILINE);

    @Test
    void theReadmeListsThemToo() throws IOException {
        assertEquals(inCode(), inText("README.md", ROW));
    }

    @Test
    void theManualListsEveryStatusWithItsMeaningInOrder() throws IOException {
        assertEquals(inCode(), inText("man/cairn-exit-codes.7", ITEM));
    }

    private static List<String> inCode() {
        return Arrays.stream(ExitCode.values()).map(code -> code.status() + " " + code.meaning()).toList();
    }

    private static List<String> inText(String file, Pattern pattern) throws IOException {
        Path top = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().getParent();
        return pattern.matcher(Files.readString(top.resolve(file))).results().map(found -> found.group(1) + " " + found.group(2)).toList();
    }
}
