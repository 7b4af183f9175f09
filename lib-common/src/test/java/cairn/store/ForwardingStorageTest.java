package cairn.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ForwardingStorageTest {
    private final List<String> calls = new ArrayList<>();
    private Object[] given;
    private Object answer;
    private Throwable thrown;

    /** Notes what is called on it, and gives the answer that was set. */
    private final Storage behind = (Storage) Proxy.newProxyInstance(Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, (proxy, method, args) -> {
        calls.add(method.getName());
        given = args;
        if (thrown != null) {
            throw thrown;
        }
        return answer;
    });

    private static List<Method> methods() {
        List<Method> methods = new ArrayList<>();
        for (Method method : Storage.class.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers())) {
                methods.add(method);
            }
        }
        return methods;
    }

    private Object sample(Class<?> type, int place) {
        if (type == String.class) {
            return "packs/" + place;
        }
        if (type == String[].class) {
            return new String[] {"index/", "packs/" + place};
        }
        if (type == byte[].class) {
            return new byte[10 + place];
        }
        if (type == long.class) {
            return 1000L + place;
        }
        if (type == int.class) {
            return 1 + place;
        }
        if (type == Consumer.class) {
            Consumer<StoredFile> each = file -> { };
            return each;
        }
        if (type == Pending.class) {
            Pending noted = () -> calls.add("await");
            return noted;
        }
        throw new AssertionError("no sample of " + type);
    }

    private static Object result(Class<?> type) throws IOException {
        if (type == void.class) {
            return null;
        }
        if (type == boolean.class) {
            return true;
        }
        if (type == int.class) {
            return 7;
        }
        if (type == String.class) {
            return "the place";
        }
        if (type == byte[].class) {
            return new byte[] {1, 2};
        }
        if (type == Optional.class) {
            return Optional.of(new StoredFile("packs/a", 1, Instant.EPOCH));
        }
        if (type == Instant.class) {
            return Instant.ofEpochSecond(5);
        }
        if (type == StoredWriter.class) {
            return new MemoryStorage().begin("");
        }
        if (type == Pending.class) {
            return Pending.DONE;
        }
        throw new AssertionError("no result of " + type);
    }

    @Test
    void everyMethodIsPassedOnWithItsArgumentsItsAnswerAndItsError() throws Exception {
        Storage front = new ForwardingStorage(behind) { };
        assertTrue(methods().size() >= 18, "found " + methods());
        for (Method method : methods()) {
            if (method.getName().equals("deleteAll")) {
                continue; // one by one: see below
            }
            Object[] args = new Object[method.getParameterCount()];
            for (int i = 0; i < args.length; i++) {
                args[i] = sample(method.getParameterTypes()[i], i);
            }
            // a whole array is written as any part of one, so that who overrides that sees all
            boolean whole = method.getName().equals("write") && args.length == 2;
            // and one after another as one: what it is to come after is there then
            boolean after = method.getName().equals("writeAfter");
            Object[] expected = whole ? new Object[] {args[0], args[1], 0, ((byte[]) args[1]).length} : after ? Arrays.copyOfRange(args, 1, 5) : args;
            calls.clear();
            given = null;
            answer = result(method.getReturnType());
            thrown = null;
            assertEquals(answer, method.invoke(front, args), method.toString());
            assertEquals(after ? List.of("await", "write") : List.of(method.getName()), calls, method.toString());
            assertArrayEquals(expected, given == null ? new Object[0] : given, method.toString());
            thrown = List.of(method.getExceptionTypes()).contains(IOException.class) ? new IOException("as it is") : new IllegalStateException("as it is");
            try {
                method.invoke(front, args);
                throw new AssertionError(method + " swallows what is thrown");
            } catch (InvocationTargetException e) {
                assertSame(thrown, e.getCause(), method.toString());
            }
        }
    }

    @Test
    void whoOverridesHowToDeleteSeesEveryDeletion() throws IOException {
        List<String> seen = new ArrayList<>();
        MemoryStorage memory = new MemoryStorage();
        memory.write("index/1", new byte[] {1});
        Storage front = new ForwardingStorage(memory) {
            @Override
            public void delete(String name) throws IOException {
                seen.add(name);
                super.delete(name);
            }
        };
        assertEquals(1, front.deleteAll(List.of("index/1", "index/2")));
        assertEquals(List.of("index/1", "index/2"), seen);
        assertEquals(List.of(), memory.names("index/"));
    }

    @Test
    void whoOverridesTheTwoWaysToWriteSeesEveryFile() throws IOException {
        TreeSet<String> seen = new TreeSet<>();
        MemoryStorage memory = new MemoryStorage();
        Storage front = new ForwardingStorage(memory) {
            @Override
            public void write(String name, byte[] content, int start, int length) throws IOException {
                writeByBegin(name, content, start, length);
            }

            @Override
            public StoredWriter begin(String folder) throws IOException {
                seen.add(folder);
                return super.begin(folder);
            }
        };
        front.write("packs/ab", new byte[] {1, 2, 3});
        front.write("cairn.toml", new byte[] {4, 5, 6}, 1, 2);
        assertEquals(new TreeSet<>(List.of("", "packs/")), seen);
        assertArrayEquals(new byte[] {1, 2, 3}, memory.readAll("packs/ab", 10));
        assertArrayEquals(new byte[] {5, 6}, memory.readAll("cairn.toml", 10));
    }
}
