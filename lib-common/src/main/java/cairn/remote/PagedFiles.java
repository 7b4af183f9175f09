package cairn.remote;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** The {@linkplain PagedFile files that are fetched by pages}, all in one sparse temporary file. For any number of threads. */
final class PagedFiles implements Closeable {
    private final Connection connection;
    private final Map<String, PagedFile> files = new ConcurrentHashMap<>();
    private FileChannel local;
    private long end;

    PagedFiles(Connection connection) {
        this.connection = connection;
    }

    /** Where the pages of a file are; null if it was never begun. */
    PagedFile get(String name) {
        return files.get(name);
    }

    /** Where the pages of a file go; null if there is no place for them. */
    synchronized PagedFile begin(String name, long size) {
        PagedFile known = files.get(name);
        if (known == null && size > 0) {
            try {
                if (local == null) {
                    Path file = Files.createTempFile("cairn-", ".pages");
                    local = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    Files.delete(file);
                }
            } catch (IOException e) {
                return null;
            }
            known = new PagedFile(connection, name, size, local, end);
            end += (size + PagedFile.PAGE - 1) / PagedFile.PAGE * PagedFile.PAGE;
            files.put(name, known);
        }
        return known;
    }

    void forget(String name) {
        files.remove(name);
    }

    /** Shows all that have come whole. */
    void complete(BiConsumer<String, PagedFile> each) {
        files.forEach((name, pages) -> {
            if (pages.complete()) {
                each.accept(name, pages);
            }
        });
    }

    @Override
    public synchronized void close() throws IOException {
        if (local != null) {
            local.close();
        }
    }
}
