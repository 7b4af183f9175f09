package cairn.packaging;

import cairn.cli.CommandModule;
import cairn.cli.Registry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Puts {@code target/dist} and {@code target/cairn-VERSION.tar.gz} together, from the class path of this program:
 * {@code bin lib man completions share}. Every file is put in place by a rename and what did not change is left alone, so that
 * a program that runs from the folder meanwhile keeps what it has opened.
 *
 * <p>The time of each file in {@code lib} is the same in all builds ({@link #EPOCH}): the JVM takes an AOT cache
 * only for a jar of the size and time that it was made for, and a build that changed nothing must not outdate it.
 * {@code lib/stamp}, written last, holds the hash of the jars and the flags; its own time is when the build
 * began: sources newer than that are not in it.
 */
public final class Assemble {
    static final FileTime EPOCH = FileTime.from(Instant.parse("2025-01-01T00:00:00Z"));
    /** What {@code cairn.cli.Version} reads. */
    private static final String VERSION = "cairn/build.properties";
    private static final Set<String> CLASSES_OF = Set.of("picocli", "zstd-jni");

    private final Path top;
    private final String version;
    private final Path dist;
    private final Set<Path> placed = new TreeSet<>();

    private Assemble(Path top, String version) {
        this.top = top;
        this.version = version;
        this.dist = top.resolve("target/dist");
    }

    /** Arguments: folder of the sources, version, time at which the build began (RFC 3339). */
    public static void main(String[] args) throws Exception {
        new Assemble(Path.of(args[0]).toRealPath(), args[1]).run(Instant.parse(args[2]));
    }

    private void run(Instant began) throws Exception {
        List<Path> libraries = Stream.of(System.getProperty("java.class.path").split(":")).map(Path::of).toList();
        byte[] program = program(libraries);
        byte[] crypto = Jar.read(find(libraries, "bcprov")).withoutSignature().toBytes();
        byte[] launcher = Files.readAllBytes(top.resolve("bin/cairn"));

        put("lib/cairn.jar", program);
        put("lib/bcprov.jar", crypto);
        natives(find(libraries, "zstd-jni"));
        put("bin/cairn", launcher);
        put("lib/java.sh", Files.readAllBytes(top.resolve("packaging/java.sh")));
        byte[] directives = Files.readAllBytes(top.resolve("packaging/compile.json"));
        put("lib/compile.json", directives);
        List<CommandModule> modules = Registry.load().modules();
        String date = date(began);
        for (Map.Entry<String, String> page : Documents.manual(top.resolve("man"), modules, version, date).entrySet()) {
            put("man/" + page.getKey(), page.getValue().getBytes(StandardCharsets.UTF_8));
        }
        for (Map.Entry<String, String> file : Documents.completions(modules).entrySet()) {
            put("completions/" + file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
        }
        for (String script : List.of("cairn-postgresql", "cairn-mariadb")) {
            put("share/databases/" + script, Files.readAllBytes(top.resolve("packaging/databases").resolve(script)));
        }
        put("completions/README.md", Files.readAllBytes(top.resolve("completions/README.md")));
        for (String file : List.of("LICENSE", "README.md", "CHANGELOG.md")) {
            if (Files.exists(top.resolve(file))) {
                put(file, Files.readAllBytes(top.resolve(file)));
            }
        }
        put("lib/stamp", (Jar.hash(program, crypto, launcher, directives) + "\n").getBytes(StandardCharsets.US_ASCII));
        removeOthers();
        archive();
        Files.setLastModifiedTime(dist.resolve("lib/stamp"), FileTime.from(began));
    }

    /** One jar for all that a short command needs: the JVM opens one file, and has it open from its start. */
    private byte[] program(List<Path> libraries) throws IOException {
        Jar jar = new Jar();
        for (Path library : libraries) {
            if (Files.isDirectory(library)) {
                continue;
            }
            if (library.startsWith(top) && library.getParent().endsWith("target")) {
                jar.merge(Jar.read(library));
            } else if (CLASSES_OF.stream().anyMatch(name -> isArtifact(library, name))) {
                jar.merge(Jar.read(library).only(name -> !name.endsWith(".so") && !name.endsWith(".dll")
                        && !name.endsWith(".dylib")).withModernClasses());
            } else if (!isArtifact(library, "bcprov")) {
                throw new IOException("no place in the distribution is known for " + library);
            }
        }
        jar.put(VERSION, ("version=" + version + "\n" + commit()).getBytes(StandardCharsets.UTF_8));
        jar.manifest(Map.of("Main-Class", "cairn.cli.Main", "Class-Path", "bcprov.jar", "Multi-Release", "false"));
        return jar.toBytes();
    }

    /** The line that names the commit of the sources, "-dirty" if they differ from it; empty outside of a git clone. */
    private String commit() throws IOException {
        String commit = git("describe", "--always", "--dirty", "--abbrev=12", "--exclude=*");
        return commit.isEmpty() ? "" : "commit=" + commit + "\n";
    }

    /** The day of the commit, so that the same sources give the same pages; outside of a git clone that of the build. */
    private String date(Instant began) throws IOException {
        String date = git("log", "-1", "--format=%cs");
        return date.isEmpty() ? began.toString().substring(0, 10) : date;
    }

    /** What git prints about the sources, or nothing if they are no clone or git is missing. */
    private String git(String... command) throws IOException {
        if (!Files.exists(top.resolve(".git"))) {
            return "";
        }
        List<String> call = new ArrayList<>(List.of("git", "-C", top.toString()));
        call.addAll(List.of(command));
        Process git;
        try {
            git = new ProcessBuilder(call).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            return "";
        }
        String printed = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            return git.waitFor() == 0 ? printed : "";
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void natives(Path zstd) throws IOException {
        Jar jar = Jar.read(zstd);
        for (String platform : List.of("amd64", "aarch64")) {
            List<byte[]> found = new ArrayList<>();
            jar.forEach((name, content) -> {
                if (name.startsWith("linux/" + platform + "/") && name.endsWith(".so")) {
                    found.add(content);
                }
            });
            if (found.size() != 1) {
                throw new IOException(zstd + " holds " + found.size() + " libraries for " + platform + ", not one");
            }
            put("lib/native/linux-" + platform + "/libzstd-jni.so", found.getFirst());
        }
    }

    private void put(String name, byte[] content) throws IOException {
        Path file = dist.resolve(name);
        placed.add(file);
        if (!Files.isRegularFile(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
            Files.createDirectories(file.getParent());
            Path temporary = file.resolveSibling("." + file.getFileName() + ".new");
            Files.write(temporary, content);
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(
                    name.startsWith("bin/") || name.startsWith("share/databases/") ? "rwxr-xr-x" : "rw-r--r--"));
            Files.setLastModifiedTime(temporary, EPOCH);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void removeOthers() throws IOException {
        try (Stream<Path> all = Files.walk(dist)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (!placed.contains(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    private void archive() throws IOException, InterruptedException {
        String name = "cairn-" + version;
        Path archive = top.resolve("target/" + name + ".tar.gz");
        Process tar = new ProcessBuilder("tar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=2025-01-01T00:00:00Z",
                "--transform=s,^\\.," + name + ",", "-C", dist.toString(), "-czf", archive.toString(), ".").inheritIO().start();
        if (tar.waitFor() != 0) {
            throw new IOException("tar could not make " + archive);
        }
    }

    private static Path find(List<Path> libraries, String artifact) throws IOException {
        return libraries.stream().filter(l -> isArtifact(l, artifact)).findFirst()
                .orElseThrow(() -> new IOException(artifact + " is not on the class path"));
    }

    private static boolean isArtifact(Path library, String artifact) {
        return library.getFileName().toString().startsWith(artifact + "-");
    }
}
