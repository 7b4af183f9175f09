package cairn.packaging;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The content of a jar in memory: name of each file to its bytes, in order of names. {@link #toBytes()} gives the same
 * bytes for the same content whenever and wherever it runs. Entries are stored, not compressed: classes load faster, and
 * the archive around compresses better.
 */
final class Jar {
    private final TreeMap<String, byte[]> files = new TreeMap<>();

    static Jar read(Path file) throws IOException {
        Jar jar = new Jar();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            for (ZipEntry entry; (entry = in.getNextEntry()) != null; ) {
                if (!entry.isDirectory()) {
                    jar.files.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return jar;
    }

    void put(String name, byte[] content) {
        files.put(name, content);
    }

    void forEach(BiConsumer<String, byte[]> action) {
        files.forEach(action);
    }

    Jar only(Predicate<String> names) {
        files.keySet().removeIf(names.negate());
        return this;
    }

    /**
     * Adds all of the other jar but its manifest and module description. Lists of services are joined.
     *
     * @throws IOException if both hold different files of one name
     */
    void merge(Jar other) throws IOException {
        for (Map.Entry<String, byte[]> file : other.files.entrySet()) {
            String name = file.getKey();
            byte[] mine = files.get(name);
            if (name.equals(JarFile.MANIFEST_NAME) || name.endsWith("module-info.class") || name.startsWith("META-INF/maven/")) {
                continue;
            }
            if (mine == null || Arrays.equals(mine, file.getValue())) {
                files.put(name, file.getValue());
            } else if (name.startsWith("META-INF/services/")) {
                files.put(name, (new String(mine, StandardCharsets.UTF_8).stripTrailing() + "\n"
                        + new String(file.getValue(), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
            } else {
                throw new IOException("two different files named " + name);
            }
        }
    }

    void manifest(Map<String, String> attributes) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        manifest.write(out);
        files.put(JarFile.MANIFEST_NAME, out.toByteArray());
    }

    /** Without the signature and the digest of each file in the manifest, whose check costs 0.4 s at the first use. */
    Jar withoutSignature() throws IOException {
        files.keySet().removeIf(name -> name.matches("META-INF/[^/]+\\.(SF|DSA|RSA|EC)"));
        Manifest manifest = new Manifest(new ByteArrayInputStream(files.get(JarFile.MANIFEST_NAME)));
        manifest.getEntries().clear();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        manifest.write(out);
        files.put(JarFile.MANIFEST_NAME, out.toByteArray());
        return this;
    }

    /**
     * Rewrites classes of a format older than Java 6 as Java 8's, with the stack maps that it wants. The JVM puts no class
     * of the old formats into an AOT cache, and picocli's are of Java 5: they cost a short command 0.1 s.
     */
    Jar withModernClasses() {
        ClassHierarchyResolver hierarchy = ClassHierarchyResolver.ofResourceParsing(type -> {
            String descriptor = type.descriptorString();
            byte[] content = files.get(descriptor.substring(1, descriptor.length() - 1) + ".class");
            return content == null ? null : new ByteArrayInputStream(content);
        }).orElse(ClassHierarchyResolver.defaultResolver());
        ClassFile format = ClassFile.of(ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ClassHierarchyResolverOption.of(hierarchy));
        // Passing on each instruction by itself is what makes the library compute the stack maps anew.
        ClassTransform modern = ClassTransform.transformingMethodBodies(CodeBuilder::with)
                .andThen((builder, element) -> builder.with(element instanceof ClassFileVersion
                        ? ClassFileVersion.of(ClassFile.JAVA_8_VERSION, 0) : element));
        files.replaceAll((name, content) -> {
            if (!name.endsWith(".class")) {
                return content;
            }
            ClassModel old = format.parse(content);
            return old.majorVersion() >= ClassFile.JAVA_6_VERSION ? content
                    : format.transformClass(old, modern);
        });
        return this;
    }

    byte[] toBytes() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            write(zip, JarFile.MANIFEST_NAME);
            for (String name : files.keySet()) {
                if (!name.equals(JarFile.MANIFEST_NAME)) {
                    write(zip, name);
                }
            }
        }
        return out.toByteArray();
    }

    private void write(ZipOutputStream zip, String name) throws IOException {
        byte[] content = files.get(name);
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new JarEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        entry.setTimeLocal(LocalDateTime.of(2025, 1, 1, 0, 0));
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** The first 16 hex digits of the SHA-256 of the parts, each with its length before it. */
    static String hash(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update((part.length + "\n").getBytes(StandardCharsets.US_ASCII));
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
