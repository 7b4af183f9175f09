package cairn.packaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.cli.CommandRun;
import cairn.key.AccessKey;
import cairn.key.KeyStore;
import cairn.key.OpenedKeys;
import cairn.repo.RepositoryKeys;
import cairn.store.LocalFolder;
import cairn.store.Storage;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each role may do, through all commands; and that who may not read gets at no name, attribute or byte of content. */
class RolesTest {
    /** Stands in names, contents, tags, host and path. */
    private static final String PLANTED = "Rosebud-q7";

    @TempDir
    private Path folder;
    private String repo;
    private String owner;
    private String data;
    private String id;

    @BeforeEach
    void backUpWhatIsPlanted() throws IOException {
        repo = folder.resolve("repo").toString();
        owner = folder.resolve("owner.key").toString();
        Path planted = Files.createDirectories(folder.resolve("data/" + PLANTED));
        data = folder.resolve("data").toString();
        Files.writeString(planted.resolve(PLANTED + ".txt"), PLANTED); // stands in the tree itself
        Files.writeString(planted.resolve("large"), (PLANTED + " is a sledge\n").repeat(5000));
        Files.createSymbolicLink(planted.resolve("link"), Path.of(PLANTED));
        done("init", "-r", repo, "--key-file", owner, "--compression", "off");
        done("key", "add", "-r", repo, "--key-file", owner, "writer", "--role", "write", "--client-key", key("writer"));
        done("key", "add", "-r", repo, "--key-file", owner, "server", "--role", "server", "--client-key", key("server"));
        String json = done("backup", "--json", "-r", repo, "--key-file", key("writer"), "--host", PLANTED, "--name", PLANTED, "--tag", PLANTED, data).out();
        done("backup", "-r", repo, "--key-file", owner, "--host", PLANTED, data);
        id = json.substring(json.indexOf("\"id\":\"") + 6).substring(0, 12);
    }

    private String key(String name) {
        return folder.resolve(name + ".key").toString();
    }

    private CommandRun.Result cairn(String... args) {
        return CommandRun.of(args).env("HOME", folder.resolve("home").toString()).run();
    }

    private CommandRun.Result done(String... args) {
        CommandRun.Result result = cairn(args);
        assertEquals(0, result.status(), String.join(" ", args) + ": " + result.err());
        return result;
    }

    private List<String[]> readingCommands() {
        return List.of(new String[] {"restore", id, "--target", folder.resolve("out").toString()}, new String[] {"cat", id + ":" + data + "/x"},
                new String[] {"ls", id}, new String[] {"list"}, new String[] {"find", "x"}, new String[] {"diff", id, id},
                new String[] {"versions", data}, new String[] {"sums", id}, new String[] {"export", id, "--format", "tar"});
    }

    private static String[] with(String[] words, String... more) {
        return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void readingIsRefusedToWhoMayNotReadBeforeAnythingIsDone() {
        for (String role : List.of("writer", "server")) {
            for (String[] words : readingCommands()) {
                CommandRun.Result result = cairn(with(words, "-r", repo, "--key-file", key(role)));
                assertEquals(11, result.status(), role + " " + words[0] + ": " + result.err());
                assertTrue(result.err().contains(role.equals("writer") ? "only adds backups" : "only checks and prunes"), result.err());
                assertEquals("", result.out(), words[0]);
            }
        }
        assertFalse(Files.exists(folder.resolve("out")));
        assertEquals(0, cairn("cat", id + ":" + data + "/" + PLANTED + "/large", "-r", repo, "--key-file", owner).status(), "who may read can");
    }

    @Test
    void aServerKeyOrNoneDoesItsWorkAndShowsNothing() throws IOException {
        List<String> shown = new ArrayList<>();
        for (List<String> by : List.of(List.of("--key-file", key("server")), List.<String>of())) {
            String[] with = with(new String[] {"-r", repo, "-vv"}, by.toArray(String[]::new));
            List<String[]> all = new ArrayList<>(List.of(new String[] {"verify"}, new String[] {"verify", "--read-data"}, new String[] {"verify", "--json"},
                    new String[] {"stats"}, new String[] {"stats", "--json"}, new String[] {"forget", "-n", "--keep-last", "1"},
                    new String[] {"forget", "-n", "--json", "--keep-daily", "3"}, new String[] {"prune", "-n"}));
            if (!by.isEmpty()) {
                all.add(new String[] {"forget", id});
                all.add(new String[] {"prune", "--grace", "0"});
            }
            for (String[] words : all) {
                CommandRun.Result result = done(with(words, with));
                assertFalse(result.out().isEmpty(), words[0]);
                shown.add(result.out() + result.err());
            }
        }
        shown.add(done("key", "list", "-r", repo).out());
        for (String text : shown) {
            assertFalse(text.contains(PLANTED), text);
        }
        done("verify", "--read-data", "-r", repo, "--key-file", owner);
        assertTrue(done("list", "-r", repo, "--key-file", owner).out().contains(PLANTED), "the other backup is there");
    }

    /** Everything that a process with a server key can get at: its key, what that opens, and every byte that the storage has. */
    @Test
    void noSecretOfTheContentIsWithinReachOfAServerKey() throws Exception {
        try (Storage storage = LocalFolder.open(repo)) {
            OpenedKeys full = open(storage, owner);
            OpenedKeys server = open(storage, key("server"));
            assertNull(server.key().naming());
            assertNull(server.key().repositoryKey());
            assertEquals(Map.of(), server.privateKeys());
            List<byte[]> secrets = new ArrayList<>(List.of(full.key().naming(), full.key().own()));
            secrets.addAll(full.privateKeys().values());
            assertEquals(3, secrets.size());
            RepositoryKeys keys = RepositoryKeys.of(server);
            for (byte[] held : arraysWithin(server, keys)) {
                for (byte[] secret : secrets) {
                    assertFalse(contains(held, secret));
                }
            }
            assertTrue(arraysWithin(full, RepositoryKeys.of(full)).stream().anyMatch(held -> contains(held, full.key().naming())),
                    "the search finds what is there");
            List<byte[]> never = new ArrayList<>(secrets);
            never.add(PLANTED.getBytes(StandardCharsets.UTF_8));
            try (Stream<Path> files = Files.walk(Path.of(repo))) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    byte[] bytes = Files.readAllBytes(file);
                    for (byte[] secret : never) {
                        assertFalse(contains(bytes, secret), file.toString());
                    }
                }
            }
        }
    }

    private OpenedKeys open(Storage storage, String file) throws IOException {
        byte[] text = Files.readAllBytes(Path.of(file));
        return KeyStore.open(storage, null, new KeyStore.Credentials() {
            @Override
            public byte[] keyFile() {
                return text.clone();
            }

            @Override
            public boolean hasPassword() {
                return false;
            }

            @Override
            public byte[] password(String keyName) {
                throw new AssertionError("no password is needed");
            }
        }, null);
    }

    /** Every byte array that some objects of the program lead to. */
    private static List<byte[]> arraysWithin(Object... roots) throws IllegalAccessException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> todo = new ArrayDeque<>(Arrays.asList(roots));
        List<byte[]> found = new ArrayList<>();
        while (!todo.isEmpty()) {
            Object next = todo.pop();
            if (!seen.add(next)) {
                continue;
            }
            switch (next) {
                case byte[] bytes -> found.add(bytes);
                case Collection<?> all -> all.stream().filter(each -> each != null).forEach(todo::push);
                case Map<?, ?> map -> {
                    todo.push(List.copyOf(map.keySet()));
                    todo.push(List.copyOf(map.values()));
                }
                default -> fields(next, todo);
            }
        }
        return found;
    }

    private static void fields(Object of, Deque<Object> todo) throws IllegalAccessException {
        if (!of.getClass().getName().startsWith("cairn.")) {
            return;
        }
        for (Class<?> type = of.getClass(); type.getName().startsWith("cairn."); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    field.setAccessible(true);
                    Object value = field.get(of);
                    if (value != null) {
                        todo.push(value);
                    }
                }
            }
        }
    }

    private static boolean contains(byte[] in, byte[] what) {
        for (int i = 0; i + what.length <= in.length; i++) {
            if (Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aWriteKeyOpensNothingEither() throws Exception {
        try (Storage storage = LocalFolder.open(repo)) {
            OpenedKeys full = open(storage, owner);
            OpenedKeys writer = open(storage, key("writer"));
            AccessKey key = writer.key();
            assertArrayEquals(full.key().naming(), key.naming(), "it names as all do");
            for (byte[] held : arraysWithin(writer, RepositoryKeys.of(writer))) {
                for (byte[] secret : full.privateKeys().values()) {
                    assertFalse(contains(held, secret));
                }
            }
        }
    }
}
