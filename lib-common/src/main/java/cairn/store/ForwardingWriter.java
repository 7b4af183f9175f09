package cairn.store;

import java.io.IOException;

/**
 * Hands everything on to another writer; for what changes one method or two. {@link #publishAfter} is not handed on: that
 * would go past what a subclass does when it publishes.
 */
public abstract class ForwardingWriter implements StoredWriter {
    protected final StoredWriter writer;

    protected ForwardingWriter(StoredWriter writer) {
        this.writer = writer;
    }

    @Override
    public void write(byte[] bytes, int start, int length) throws IOException {
        writer.write(bytes, start, length);
    }

    @Override
    public long length() {
        return writer.length();
    }

    @Override
    public void publish(String name) throws IOException {
        writer.publish(name);
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
