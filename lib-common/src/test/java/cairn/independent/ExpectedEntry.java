package cairn.independent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An entry as one line of text: path, type, mode, time, and content, target or nothing; by the JDK alone. */
final class ExpectedEntry {
    private ExpectedEntry() {
    }

    /** The lines of a folder and all below it, by path. */
    static Map<String, String> below(Path folder) throws IOException {
        Map<String, String> lines = new TreeMap<>();
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.toList();
        }
        for (Path path : all) {
            String name = folder.relativize(path).toString();
            lines.put(name, of(name, path));
        }
        return lines;
    }

    private static String of(String name, Path path) throws IOException {
        Map<String, Object> stat = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) stat.get("mode");
        FileTime time = (FileTime) stat.get("lastModifiedTime");
        String what = switch (mode & 0170000) {
            case 0100000 -> "file " + sha256(Files.readAllBytes(path)) + xattrs(path);
            case 0120000 -> "symlink " + Files.readSymbolicLink(path);
            case 0040000 -> "directory";
            default -> "other";
        };
        return line(name, mode & 07777, time.toInstant().toString(), what);
    }

    static String line(String name, long mode, String time, String what) {
        return name + "\t" + Long.toOctalString(mode) + "\t" + time + "\t" + what;
    }

    private static String xattrs(Path path) throws IOException {
        UserDefinedFileAttributeView view = Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
        StringBuilder out = new StringBuilder();
        for (String name : view.list().stream().sorted().toList()) {
            byte[] value = new byte[view.size(name)];
            view.read(name, ByteBuffer.wrap(value));
            out.append(" user.").append(name).append('=').append(HexFormat.of().formatHex(value));
        }
        return out.toString();
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static Map<String, String> read(Path file) throws IOException {
        Map<String, String> lines = new TreeMap<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            lines.put(line.substring(0, line.indexOf('\t')), line);
        }
        return lines;
    }
}
