package cairn.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Dependencies point one way, read from the compiled classes of all modules: a package uses packages of its own and of lower
 * layers; packages of one layer may use each other, but not in a circle. A package in no layer is an error: whoever adds
 * one says here where it belongs.
 */
class ArchitectureTest {
    /** From the ground up; commands ({@code cairn.cmd.MODULE}) stand above all of them. */
    private static final List<Set<String>> LAYERS = List.of(
            Set.of("error"),
            Set.of("hash", "chunk", "crypto", "store", "posix"),
            Set.of("format", "key", "pack", "index", "tree", "record", "session", "mark", "spool", "stream", "remote", "tar"),
            Set.of("repo"),
            Set.of("walk", "archive", "restore", "verify", "retention", "prune", "query", "snapshot", "transfer", "scan", "producer"),
            Set.of("cli"));
    private static final List<String> MODULES = List.of("lib-common", "cmd-backup", "cmd-restore", "cmd-mount", "cmd-serve");
    private static final Pattern REFERENCE = Pattern.compile("L(cairn/[\\w/$]+)[;<]");
    /** What ends the program or writes to its streams: the right of the command framework alone. */
    private static final Set<String> PRINTS_OR_EXITS = Set.of(
            "java/lang/System.out", "java/lang/System.err", "java/lang/System.exit", "java/lang/Runtime.exit",
            "java/lang/Runtime.halt", "java/lang/Throwable.printStackTrace", "java/io/FileDescriptor.out",
            "java/io/FileDescriptor.err", "java/lang/System.console");

    private static final Map<String, List<ClassModel>> CLASSES = new HashMap<>();

    @BeforeAll
    static void readClasses() throws IOException {
        Path top = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().getParent();
        for (String module : MODULES) {
            List<ClassModel> models = new ArrayList<>();
            Path classes = top.resolve(module).resolve("target/classes");
            if (Files.isDirectory(classes)) {
                try (Stream<Path> files = Files.walk(classes)) {
                    for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                        models.add(ClassFile.of().parse(file));
                    }
                }
            }
            CLASSES.put(module, models);
        }
        assertTrue(CLASSES.get("lib-common").size() > 10, "the classes of lib-common were not found below " + top);
    }

    @Test
    void packagesStandInTheModuleOfTheirName() {
        List<String> wrong = new ArrayList<>();
        CLASSES.forEach((module, models) -> models.forEach(model -> {
            String name = packageOf(model.thisClass().asInternalName());
            String home = name.startsWith("cmd.") ? name.replaceFirst("^cmd\\.(\\w+).*", "cmd-$1") : "lib-common";
            if (!home.equals(module)) {
                wrong.add(name + " in " + module);
            }
        }));
        assertEquals(List.of(), wrong);
    }

    @Test
    void packagesUseOnlyWhatLiesBelow() {
        List<String> wrong = new ArrayList<>();
        dependencies().forEach((user, used) -> used.stream().filter(u -> !mayUse(user, u))
                .forEach(u -> wrong.add(user + " (" + layer(user) + ") uses " + u + " (" + layer(u) + ")")));
        assertEquals(List.of(), wrong);
    }

    @Test
    void packagesUseEachOtherInNoCircle() {
        Map<String, Set<String>> left = new TreeMap<>(dependencies());
        boolean progress = true;
        while (progress) {
            progress = left.entrySet().removeIf(e -> e.getValue().stream().noneMatch(left::containsKey));
        }
        assertEquals(Map.of(), left, "these stand in a circle, or above one");
    }

    @Test
    void onlyTheCommandFrameworkPrintsAndExits() {
        Set<String> wrong = new TreeSet<>();
        CLASSES.values().stream().flatMap(List::stream).forEach(model -> {
            String name = model.thisClass().asInternalName();
            if (topOf(packageOf(name)).equals("cli")) {
                return;
            }
            for (PoolEntry entry : model.constantPool()) {
                if (entry instanceof MemberRefEntry member) {
                    String used = member.owner().asInternalName() + "." + member.name().stringValue();
                    // Subclasses are named as owner where an exception of a known type is printed.
                    if (PRINTS_OR_EXITS.contains(used) || used.endsWith(".printStackTrace")) {
                        wrong.add(name + " uses " + used);
                    }
                }
            }
        });
        assertEquals(Set.of(), wrong);
    }

    /** docs/architecture.md shows the packages in the layers of this test, and names no class that is not there. */
    @Test
    void theMapIsThatOfTheCode() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("basedir", "."), "../docs/architecture.md"));
        Map<String, Set<String>> shown = new LinkedHashMap<>();
        Matcher row = Pattern.compile("^\\| (\\w+) \\| `(\\w+)` \\|", Pattern.MULTILINE).matcher(page);
        while (row.find()) {
            assertTrue(shown.computeIfAbsent(row.group(1), layer -> new TreeSet<>()).add(row.group(2)), row.group());
        }
        assertEquals(List.of("cli", "engines", "repo", "formats", "ground", "error"), List.copyOf(shown.keySet()));
        List<Set<String>> layers = new ArrayList<>();
        LAYERS.reversed().forEach(layer -> layers.add(new TreeSet<>(layer)));
        assertEquals(layers, List.copyOf(shown.values()));
        Set<String> packages = new TreeSet<>();
        Set<String> classes = new TreeSet<>(Set.of("ArchitectureTest", "ServiceLoader"));
        CLASSES.values().stream().flatMap(List::stream).map(model -> model.thisClass().asInternalName()).forEach(name -> {
            packages.add(topOf(packageOf(name)));
            classes.add(name.substring(name.lastIndexOf('/') + 1));
        });
        packages.remove("cmd");
        Set<String> all = new TreeSet<>();
        shown.values().forEach(all::addAll);
        assertEquals(packages, all);
        Set<String> unknown = new TreeSet<>();
        Matcher name = Pattern.compile("`([A-Z][a-z]\\w+)`").matcher(page);
        while (name.find()) {
            if (!classes.contains(name.group(1))) {
                unknown.add(name.group(1));
            }
        }
        assertEquals(Set.of(), unknown);
    }

    private static boolean mayUse(String user, String used) {
        if (user.startsWith("cmd.") && used.startsWith("cmd.")) {
            return user.split("\\.")[1].equals(used.split("\\.")[1]);
        }
        return layer(used) <= layer(user);
    }

    /** 0 for the lowest; a package below one that is listed belongs to it. */
    private static int layer(String name) {
        if (name.startsWith("cmd.")) {
            return LAYERS.size();
        }
        for (int i = 0; i < LAYERS.size(); i++) {
            if (LAYERS.get(i).contains(topOf(name))) {
                return i;
            }
        }
        throw new AssertionError("the package cairn." + name + " stands in no layer of this test");
    }

    /** Package to the other packages of Cairn it uses, both without "cairn."; packages below a listed one count as it. */
    private static Map<String, Set<String>> dependencies() {
        Map<String, Set<String>> all = new TreeMap<>();
        CLASSES.values().stream().flatMap(List::stream).forEach(model -> {
            String user = unit(packageOf(model.thisClass().asInternalName()));
            Set<String> used = all.computeIfAbsent(user, u -> new TreeSet<>());
            for (PoolEntry entry : model.constantPool()) {
                if (entry instanceof ClassEntry type && type.asInternalName().startsWith("cairn/")) {
                    used.add(unit(packageOf(type.asInternalName())));
                } else if (entry instanceof Utf8Entry text) {
                    Matcher matcher = REFERENCE.matcher(text.stringValue());
                    while (matcher.find()) {
                        used.add(unit(packageOf(matcher.group(1))));
                    }
                }
            }
            used.remove(user);
        });
        return all;
    }

    private static String unit(String name) {
        return name.startsWith("cmd.") ? name : topOf(name);
    }

    private static String topOf(String name) {
        return name.split("\\.")[0];
    }

    /** "format" for cairn/format/Hash. */
    private static String packageOf(String internalName) {
        return internalName.substring("cairn/".length(), internalName.lastIndexOf('/')).replace('/', '.');
    }
}
