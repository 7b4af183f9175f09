package cairn.cli.aot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Conversations of commands with a server in this process, where both are to be noted. The client starts a shell command to
 * talk to, as always; it passes on what is said between the client's pipes and two named ones, which the server has
 * opened.
 */
final class Conversation {
    private final Path folder;
    private final BiConsumer<InputStream, OutputStream> server;

    /** @param folder for the named pipes @param server reads and writes to the end, and closes both */
    Conversation(Path folder, BiConsumer<InputStream, OutputStream> server) {
        this.folder = folder;
        this.server = server;
    }

    /** @param client talks to the shell command that it is given */
    void hold(Consumer<String> client) throws IOException {
        // pipes of its own: a server whose client never came waits at those of its own conversation
        Path pipes = Files.createTempDirectory(folder, "pipes");
        Path asked = pipes.resolve("asked");
        Path answered = pipes.resolve("answered");
        try {
            new ProcessBuilder("mkfifo", asked.toString(), answered.toString()).start().waitFor();
        } catch (IOException missing) {
            return; // no conversations then
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // a daemon: should the client never come this far, nobody waits for it
        Thread.ofPlatform().daemon().start(() -> serve(asked, answered));
        client.accept("sh -c 'cat <" + answered + " & cat >" + asked + "; wait'");
    }

    private void serve(Path asked, Path answered) {
        try {
            InputStream in = Files.newInputStream(asked);
            server.accept(in, Files.newOutputStream(answered));
        } catch (IOException noPipe) {
            // the client hears of it by its end
        }
    }
}
