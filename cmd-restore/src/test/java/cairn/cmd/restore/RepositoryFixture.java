package cairn.cmd.restore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of commands start from: a repository without backups, and an empty folder to make them of. */
abstract class RepositoryFixture {
    @TempDir
    Path temp;

    TestRepository repository;
    Path source;

    @BeforeEach
    final void openRepository() throws IOException {
        repository = new TestRepository(temp);
        source = repository.source;
    }

    @AfterEach
    final void closeRepository() throws IOException {
        repository.close();
    }

    static byte[] raw(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    final void write(String name, byte[] content) throws IOException {
        Files.createDirectories(source.resolve(name).getParent());
        Files.write(source.resolve(name), content);
    }

    final void write(String name, String text) throws IOException {
        write(name, raw(text));
    }

    /** Writes content that does not compress, the same for the same size. */
    final void write(String name, int size) throws IOException {
        random(name, size, size);
    }

    final void random(String name, int size, int seed) throws IOException {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        write(name, bytes);
    }
}
