package cairn.packaging;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A kernel that was renamed would silently run several times slower. */
class CompilerDirectivesTest {
    private static final Pattern MATCH = Pattern.compile("\"([a-z][A-Za-z0-9/$]+)\\.([A-Za-z0-9*]+)\"");

    @Test
    void namesOnlyMethodsThatExist() throws Exception {
        String directives = Files.readString(Path.of("compile.json"));
        List<MatchResult> matches = MATCH.matcher(directives).results().toList();
        assertTrue(matches.size() > 5, directives);
        for (MatchResult match : matches) {
            Class<?> named = Class.forName(match.group(1).replace('/', '.'), false, getClass().getClassLoader());
            String method = match.group(2);
            assertTrue(Arrays.stream(named.getDeclaredMethods()).anyMatch(declared -> method.endsWith("*")
                    ? declared.getName().startsWith(method.substring(0, method.length() - 1)) : declared.getName().equals(method)),
                    match.group());
        }
    }
}
