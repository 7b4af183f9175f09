package cairn.independent;

import cairn.chunk.ChunkParams;
import cairn.crypto.Argon2;
import cairn.key.KeyChanges;
import cairn.key.KeyFileText;
import cairn.key.Lock;
import cairn.key.PaperKey;
import cairn.key.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;

/**
 * Makes the repository in {@code src/test/resources/archive/vN}. Run once for each format version, when it is released;
 * what it made is kept for ever and never made again.
 */
public final class MakeReleasedRepository {
    static final byte[] PASSWORD = "released".getBytes(StandardCharsets.US_ASCII);
    private static final ChunkParams SMALL = new ChunkParams(256, 1024, 4096);

    private MakeReleasedRepository() {
    }

    /** @param args a folder that is not there, for the source, and the folder to make, such as {@code archive/v1} */
    public static void main(String[] args) throws Exception {
        Path source = Path.of(args[0]).toAbsolutePath();
        Path out = Path.of(args[1]).toAbsolutePath();
        Path scratch = Files.createTempDirectory("cairn-released");
        Files.createDirectories(out);
        fill(source);
        Lock.Password lock = new Lock.Password(PASSWORD, new Argon2.Params(64, 1, 1));
        try (RepositoryMaker maker = new RepositoryMaker(out.resolve("repository"), "me", lock, SMALL, scratch)) {
            maker.backup(source, "", "first", Instant.parse("2026-11-01T00:00:00Z"));
            Files.write(source.resolve("folder/changed"), text("another", 400));
            maker.backup(source, "", "second", Instant.parse("2026-11-02T00:00:00Z"));
            maker.keepNewest();
            Lock.KeyFile file = Lock.KeyFile.random();
            maker.change(KeyChanges.add(maker.keys, "other", Role.FULL, file, 1));
            Files.write(out.resolve("other.key"), KeyFileText.write(maker.keys.key().repository(), "other", file));
            maker.change(KeyChanges.rotate(maker.keys, 2));
            Files.write(source.resolve("folder/new"), text("new", 300));
            maker.backup(source, "named", "third", Instant.parse("2026-11-03T00:00:00Z"));
            Files.writeString(out.resolve("paper.txt"), PaperKey.print(maker.keys, lock, Instant.parse("2026-11-03T00:00:00Z")));
        }
        Files.write(out.resolve("expected"), ExpectedEntry.below(source).values());
    }

    private static void fill(Path source) throws Exception {
        Path folder = Files.createDirectories(source.resolve("folder"));
        Files.write(folder.resolve("changed"), text("one", 300));
        Files.write(folder.resolve("of many pieces"), text("line", 9_000));
        Files.writeString(folder.resolve("inline"), "a few bytes");
        Files.createFile(folder.resolve("empty"));
        Files.createLink(folder.resolve("second name"), folder.resolve("changed"));
        Files.createSymbolicLink(folder.resolve("symlink"), Path.of("../no/where"));
        Files.createDirectories(source.resolve("deep/er/and/deeper"));
        Path many = Files.createDirectory(source.resolve("many"));
        for (int i = 0; i < 200; i++) {
            Files.writeString(many.resolve(i * 7919 % 10_007 + " is one of many entries, and has a long name so that fewer are enough for a node"), "" + i);
        }
        try (var channel = Files.newByteChannel(folder.resolve("with holes"), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.position(1 << 20);
            channel.write(ByteBuffer.wrap(text("behind a hole", 100)));
        }
        Files.getFileAttributeView(folder.resolve("inline"), UserDefinedFileAttributeView.class).write("note", ByteBuffer.wrap(new byte[] {1, 0, 2}));
        Files.setPosixFilePermissions(source.resolve("deep/er"), PosixFilePermissions.fromString("rwxr-x--x"));
        Files.setPosixFilePermissions(folder.resolve("empty"), PosixFilePermissions.fromString("r--r-----"));
        // the JDK sets no times before 1970 or after 2262, and shows these without nanoseconds
        touch("1930-11-18T01:02:03.000000005Z", folder.resolve("inline"));
        touch("2399-12-31T23:59:59.123456Z", folder.resolve("of many pieces"));
    }

    static void touch(String time, Path file) throws Exception {
        int status = new ProcessBuilder("touch", "-d", time, file.toString()).inheritIO().start().waitFor();
        Check.that(status == 0, "touch " + file);
    }

    /** Text that compresses well and is nowhere the same. */
    private static byte[] text(String word, int lines) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            out.append(word).append(' ').append(i).append('\n');
        }
        return out.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
