package cairn.walk.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.posix.Programs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of random ignore files over random trees, each path judged by {@code git check-ignore} and by
 * {@link PatternSet}: they must name the same pattern.
 * {@code -Dsets=2000 -Dseed=7} tries more and others.
 */
class GitOracleTest {
    private static final int SETS = Integer.getInteger("sets", 120);
    private static final int LINES = 9;
    private static final int PATHS = 30;

    private static final String[] ATOMS = {"a", "b", "a", "b", "c", "o", ".", "*", "*", "*", "?", "**", "/", "/", "/", "**/",
        "/**", "/**/", "[ab]", "[!a]", "[^b]", "[a-c]", "[b-]", "[]a]", "[!]]", "[a\\]]", "[[:alpha:]]", "[![:digit:]]",
        "[[:punct:]]", "[a-b-z]", "[[:]", "[[:x:]]", "[", "[a", "[/a]", "\\a", "\\*", "\\[", "\\", "\\/", " ", "\\ ", "#", "!", "-",
        "]", "\351", "\303\244", "[\340-\377]", "***", "foo", "*.o"};
    private static final String[] NAMES = {"a", "b", "c", "ab", "ba", "abc", "aab", "a.o", "b.o", ".o", "o", ".a", "foo", "foo.o",
        "-", "]", "!a", "#a", " a", "a ", "\\", "*", "[a", "[ab]", "\351", "\303\244", "a\351b", "1", "a1", "A"};
    /** Where git's manual and git differ: see {@link Tokens}. */
    private static final Pattern STRIPPED_PREFIX = Pattern.compile("!?/?[^*?\\[\\\\]*[^*?\\[\\\\/]\\*\\*.*");

    @TempDir
    Path top;

    @Test
    void everyPathIsJudgedByTheSamePatternAsInGit() throws Exception {
        Programs.require("git");
        Random random = new Random(Long.getLong("seed", 20261120));
        run(top, new byte[0], "git", "init", "-q", ".");
        List<Question> questions = new ArrayList<>();
        for (int s = 0; s < SETS; s++) {
            ask("d" + s, random, questions);
        }
        ByteArrayOutputStream folders = new ByteArrayOutputStream();
        ByteArrayOutputStream paths = new ByteArrayOutputStream();
        for (Question question : questions) {
            paths.write(raw(question.path + "\0"));
            if (question.folder) {
                folders.write(raw(question.path + "\0"));
            }
        }
        run(top, folders.toByteArray(), "xargs", "-0", "mkdir", "-p", "--");
        String answer = new String(run(top, paths.toByteArray(), "git", "-c", "core.excludesFile=/dev/null", "-c",
                "core.ignoreCase=false", "check-ignore", "-z", "--stdin", "--no-index", "-v", "-n"), StandardCharsets.ISO_8859_1);
        String[] fields = answer.split("\0", -1);
        assertEquals(questions.size() * 4 + 1, fields.length);
        int plain = 0;
        int negated = 0;
        for (int i = 0; i < questions.size(); i++) {
            assertEquals(questions.get(i).path, fields[4 * i + 3]);
            Verdict verdict = judged(questions.get(i), fields[4 * i + 2]);
            plain += verdict == Verdict.MATCHED ? 1 : 0;
            negated += verdict == Verdict.NEGATED ? 1 : 0;
        }
        // The generator must not drift into a corner where nothing is tried.
        assertTrue(questions.size() > SETS * 40, () -> questions.size() + " paths");
        assertTrue(plain > questions.size() / 5 && plain < questions.size() * 4 / 5, "matched " + plain);
        assertTrue(negated > questions.size() / 50, "negated " + negated);
    }

    /** A path below a folder of patterns. */
    private record Question(String path, boolean folder, PatternSet set) {
    }

    /** Makes a folder of patterns, and paths below it. */
    private void ask(String base, Random random, List<Question> questions) throws IOException {
        byte[] file = raw(ignoreFile(random));
        Files.createDirectory(top.resolve(base));
        Files.write(top.resolve(base).resolve(".gitignore"), file);
        PatternSet set = PatternSet.parse(PatternFile.lines(file), raw(base));
        TreeSet<String> folders = new TreeSet<>();
        TreeSet<String> all = new TreeSet<>();
        for (int p = 0; p < PATHS; p++) {
            StringBuilder path = new StringBuilder(base);
            for (int depth = 1 + random.nextInt(4); depth > 0; depth--) {
                path.append('/').append(NAMES[random.nextInt(NAMES.length)]);
                all.add(path.toString());
                if (depth > 1) {
                    folders.add(path.toString());
                }
            }
        }
        all.forEach(path -> questions.add(new Question(path, folders.contains(path), set)));
    }

    /** @param theirs the pattern by which git decides */
    private static Verdict judged(Question question, String theirs) {
        int number = question.set.decisive(raw(question.path), question.folder);
        String pattern = number < 0 ? "" : new String(question.set.text(number), StandardCharsets.ISO_8859_1);
        assertEquals(theirs, pattern, () -> "for '" + question.path + "'");
        Verdict verdict = question.set.match(raw(question.path), question.folder);
        assertEquals(pattern.isEmpty() ? Verdict.NONE : pattern.startsWith("!") ? Verdict.NEGATED : Verdict.MATCHED, verdict);
        return verdict;
    }

    private static String ignoreFile(Random random) {
        StringBuilder file = new StringBuilder(random.nextInt(10) == 0 ? "\357\273\277" : "");
        for (int i = 0; i < LINES; i++) {
            String line = line(random);
            if (!STRIPPED_PREFIX.matcher(line).matches()) {
                file.append(line).append(random.nextInt(8) == 0 ? "\r" : "").append(i == LINES - 1 && random.nextBoolean() ? "" : "\n");
            }
        }
        return file.toString();
    }

    private static String line(Random random) {
        StringBuilder line = new StringBuilder(random.nextInt(4) == 0 ? "!" : "");
        line.append(random.nextInt(5) == 0 ? "/" : "");
        for (int atoms = 1 + random.nextInt(random.nextInt(6) + 1); atoms > 0; atoms--) {
            line.append(random.nextInt(6) == 0 ? NAMES[random.nextInt(NAMES.length)] : ATOMS[random.nextInt(ATOMS.length)]);
        }
        line.append(random.nextInt(5) == 0 ? "/" : "");
        line.append(random.nextInt(10) == 0 ? "  " : "");
        return line.toString();
    }

    private static byte[] raw(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] run(Path folder, byte[] input, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        Thread feeder = Thread.ofVirtual().start(() -> {
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input);
            } catch (IOException e) {
                // The process ended early; its exit status says why.
            }
        });
        byte[] output;
        try (InputStream stdout = process.getInputStream()) {
            output = stdout.readAllBytes();
        }
        feeder.join();
        int status = process.waitFor();
        assertTrue(status == 0 || status == 1 && command[0].equals("git"), () -> command[0] + " ended with " + status);
        return output;
    }
}
