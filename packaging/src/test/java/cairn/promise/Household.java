package cairn.promise;

import cairn.cli.CommandRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A user with a home, a source folder and the default repository; runs commands as that user, in this process. */
record Household(Path home, Path source) {
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f]{64})\"");

    static Household in(Path folder) throws IOException {
        return new Household(Files.createDirectories(folder.resolve("home")), Files.createDirectories(folder.resolve("source")));
    }

    /** The same user, source left where it is, with a copy of the home. */
    Household copyTo(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            for (Path from : (Iterable<Path>) all::iterator) {
                Files.copy(from, folder.resolve(home.relativize(from)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return new Household(folder, source);
    }

    Path repository() {
        return home.resolve(".local/share/cairn/default");
    }

    CommandRun.Result run(String... args) {
        return CommandRun.of(args).env("HOME", home.toString()).env("PATH", System.getenv("PATH")).run();
    }

    /** Backs the source up. @return the id */
    String backup() {
        return id(run("backup", "--json", "--recheck", "0%", source.toString()));
    }

    static String id(CommandRun.Result result) {
        Matcher id = ID.matcher(result.out());
        if (result.status() != 0 || !id.find()) {
            throw new AssertionError(result.status() + ": " + result.err());
        }
        return id.group(1);
    }

    /** Files of the repository below a folder, oldest first; not those that a writer has not finished. */
    List<Path> files(String folder) throws IOException {
        Map<Path, FileTime> files = new HashMap<>();
        Files.walkFileTree(repository().resolve(folder), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!file.getFileName().toString().startsWith(".")) {
                    files.put(file, attributes.lastModifiedTime());
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) { // a running program deleted it
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
        List<Path> oldestFirst = new ArrayList<>(files.keySet());
        oldestFirst.sort(Comparator.comparing((Path file) -> files.get(file)).thenComparing(file -> file));
        return oldestFirst;
    }

    /** Packs of a kind. @param kind 1 data, 2 trees: the byte after the header */
    List<Path> packs(int kind) throws IOException {
        List<Path> packs = files("packs");
        packs.removeIf(pack -> {
            try {
                return Files.readAllBytes(pack)[32] != kind;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return packs;
    }

    /** SHA-256 of every file of the source, by its name. */
    Map<String, String> sums() throws IOException {
        Map<String, String> sums = new TreeMap<>();
        try (Stream<Path> all = Files.walk(source)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                sums.put(file.getFileName().toString(), sha256(Files.readAllBytes(file)));
            }
        }
        return sums;
    }

    /** The lines of {@code cairn sums} as {@link #sums} gives them. */
    static Map<String, String> sums(CommandRun.Result result) {
        Map<String, String> sums = new TreeMap<>();
        for (String line : result.lines()) {
            String name = line.substring(66);
            sums.put(name.substring(name.lastIndexOf('/') + 1), line.substring(0, 64));
        }
        return sums;
    }

    static Map<String, String> filesBelow(Path folder) throws IOException {
        return new Household(folder, folder).sums();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether what went to standard error is meant for people: lines of the program, no trace, no internal error. */
    static void assertClear(CommandRun.Result result, String when) {
        String err = result.err();
        if (err.contains("internal error") || err.contains("\tat ") || err.contains("Exception") || err.contains("null")
                || !Arrays.stream(err.split("\n")).allMatch(line -> line.isEmpty() || line.startsWith("cairn: ") || line.startsWith("try: ")
                || line.startsWith("{\"type\":"))
                || result.status() != 0 && err.isBlank() && result.out().isBlank()) {
            throw new AssertionError(when + ": status " + result.status() + ", stderr: " + err);
        }
    }

    static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    void write(String name, byte[] content) throws IOException {
        Path file = source.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    void write(String name, String content) throws IOException {
        write(name, content.getBytes(StandardCharsets.UTF_8));
    }
}
