package cairn.remote;

import cairn.format.ByteReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Waits for an answer of no more than so many bytes. */
final class CollectCall extends Call {
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();
    private final int type;
    private final long most;
    private final String location;

    /** @param type of the frames that the answer consists of */
    CollectCall(int type, long most, String location) {
        this.type = type;
        this.most = most;
        this.location = location;
    }

    @Override
    void part(int partType, byte[] payload) throws IOException {
        if (partType != type || payload.length > most - all.size()) {
            throw new ByteReader(payload, "an answer of '" + location + "'").damaged("is not what was asked for");
        }
        all.writeBytes(payload);
    }

    /** Waits for all of it. */
    byte[] all() throws IOException {
        await();
        return all.toByteArray();
    }
}
