package cairn.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.posix.Child.Stream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs run with words, variables and streams as given, whatever the locale of this process. */
class ChildTest {
    @TempDir
    Path folder;

    private static List<byte[]> words(String... words) {
        return Arrays.stream(words).map(RawString::encode).toList();
    }

    private static String output(Child child) throws Exception {
        String text = new String(child.stdout().readAllBytes(), StandardCharsets.ISO_8859_1);
        child.stdout().close();
        child.waitFor();
        return text;
    }

    @Test
    void wordsAndVariablesAreBytes() throws Exception {
        byte[] odd = new byte[254];
        for (int i = 0; i < odd.length; i++) {
            odd[i] = (byte) (i + 1);
        }
        List<byte[]> words = new ArrayList<>(words("/bin/sh", "-c", "printf '%s|%s' \"$1\" \"$VARIABLE\"", "sh"));
        words.add(odd);
        byte[] value = {'a', (byte) 0xFF, '\n', (byte) 0x80, '\''};
        Child child = Child.of(words).environment(Map.of("VARIABLE", RawString.decode(value))).stdout(Stream.PIPE).start();
        byte[] printed = child.stdout().readAllBytes();
        assertTrue(child.waitFor().good());
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(odd);
        expected.write('|');
        expected.writeBytes(value);
        assertArrayEquals(expected.toByteArray(), printed);
    }

    @Test
    void statusAndSignalAreTold() throws Exception {
        assertEquals(new Child.Ended(7, 0), Child.shell(RawString.encode("exit 7")).start().waitFor());
        Child.Ended killed = Child.shell(RawString.encode("kill -9 $$")).start().waitFor();
        assertEquals(new Child.Ended(0, 9), killed);
        assertEquals(137, killed.status());
        Child waiting = Child.of(words("sleep", "1000")).start();
        waiting.signal(15);
        assertEquals(143, waiting.waitFor().status());
        waiting.signal(9);
        assertEquals(143, waiting.waitFor().status(), "asked again, the answer is the same");
    }

    @Test
    void aSignalToTheGroupReachesWhatTheChildStarted() throws Exception {
        Child child = Child.shell(RawString.encode("sleep 1000 | sleep 1000; echo not reached")).ownGroup().stdout(Stream.PIPE).start();
        child.signalGroup(15);
        assertEquals("", output(child));
        assertEquals(143, child.waitFor().status());
    }

    @Test
    void pipesCarryBothWays() throws Exception {
        Child child = Child.of(words("tr", "a-z", "A-Z")).stdin(Stream.PIPE).stdout(Stream.PIPE).start();
        byte[] text = "x".repeat(50_000).getBytes(StandardCharsets.US_ASCII);
        child.stdin().write(text);
        child.stdin().close();
        assertEquals("X".repeat(50_000), output(child));
    }

    @Test
    void streamsGoWhereTheyAreSent() throws Exception {
        Child both = Child.shell(RawString.encode("cat; echo out; echo err >&2")).stdin(Stream.NULL).stdout(Stream.PIPE).stderr(Stream.STDOUT).start();
        assertEquals("out\nerr\n", output(both));
        Child apart = Child.shell(RawString.encode("echo out; echo err >&2")).stdout(Stream.NULL).stderr(Stream.PIPE).start();
        assertEquals("err\n", new String(apart.stderr().readAllBytes(), StandardCharsets.US_ASCII));
        apart.waitFor();
    }

    @Test
    void aChildHasNoOtherDescriptors() throws Exception {
        Child other = Child.of(words("cat")).stdin(Stream.PIPE).stdout(Stream.PIPE).start();
        Child child = Child.shell(RawString.encode("ls /proc/self/fd | tr '\\n' ' '")).stdin(Stream.NULL).stdout(Stream.PIPE).start();
        // 3 is the folder that ls itself reads
        assertEquals("0 1 2 3 ", output(child));
        other.stdin().close();
        assertEquals("", output(other));
    }

    @Test
    void programsAreFoundInThePathOfTheirEnvironment() throws Exception {
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        Files.writeString(first.resolve("tool"), "not for running");
        Path tool = Files.writeString(second.resolve("tool"), "echo ran $1\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
        Map<String, String> environment = Map.of("PATH", first + ":" + second + ":/usr/bin:/bin");
        Child child = Child.of(words("tool", "here")).environment(environment).stdout(Stream.PIPE).start();
        assertEquals("ran here\n", output(child), "what cannot be run is passed over, a script without #! is run by sh");
        Child also = Child.of(words("tool", "there")).environment(Map.of("PATH", "/bin")).alsoIn(second.toString()).stdout(Stream.PIPE).start();
        assertEquals("ran there\n", output(also));
        assertEquals(Errno.EACCES, assertThrows(PosixException.class,
                () -> Child.of(words("tool")).environment(Map.of("PATH", first.toString())).start()).errno());
        assertEquals(Errno.ENOENT, assertThrows(PosixException.class, () -> Child.of(words("no-such-tool"))
                .environment(Map.of("PATH", second.toString())).start()).errno());
        assertEquals(Errno.ENOENT, assertThrows(PosixException.class, () -> Child.of(words(folder + "/none")).start()).errno());
    }

    @Test
    void aReaderThatIsGoneIsAnErrorOfTheWriter() throws Exception {
        Child child = Child.of(words("true")).stdin(Stream.PIPE).start();
        child.waitFor();
        assertEquals(Errno.EPIPE, assertThrows(PosixException.class, () -> child.stdin().write(new byte[10])).errno());
        child.stdin().close();
    }
}
