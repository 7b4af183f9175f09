package cairn.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.format.Hash;
import cairn.remote.CheckedStorage;
import cairn.remote.Link;
import cairn.remote.Message;
import cairn.remote.PipeLink;
import cairn.remote.RemoteStorage;
import cairn.remote.StorageServer;
import cairn.repo.Repository;
import cairn.robust.Lab;
import cairn.store.LastingStorage;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A connection that breaks at any byte leaves a good repository, and what arrived whole is not sent again. */
class ConversationCutTest {
    private static final int CUTS = 100;

    @TempDir
    Path temp;

    private Lab lab;

    @BeforeEach
    void fill() throws IOException {
        lab = new Lab(temp, true, 2);
        for (int i = 0; i < 12; i++) {
            lab.write("many/f" + i, 40_000, 300 + i); // some packs
        }
    }

    private static PipeLink link(MemoryStorage storage) throws IOException {
        return new PipeLink((in, out) -> new StorageServer(new CheckedStorage(new LastingStorage(storage), Streams.repository()), Streams.repository(), null,
                Message.MAY_WRITE | Message.MAY_DELETE, "test").serve(in, out));
    }

    /** Lets so many bytes through, and breaks in the middle of whatever comes then. */
    private static Link cut(PipeLink link, long after) {
        OutputStream out = new OutputStream() {
            private long left = after;

            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
                int some = (int) Math.min(left, length);
                left -= some;
                if (some > 0) {
                    link.out().write(bytes, offset, some);
                }
                if (some < length) {
                    link.out().close();
                    throw new IOException("cut");
                }
            }
        };
        return link.saying(out);
    }

    private record Sent(Hash backup, long bytes) {
    }

    private Sent send(Link link) throws IOException {
        RemoteStorage far = RemoteStorage.open(link, null, 0);
        try (Repository repository = lab.open(far)) {
            Hash backup = lab.backup(repository).record().id();
            return new Sent(backup, far.sent());
        }
    }

    @Test
    void aCutAnywhereKeepsTheRepositoryGoodAndWhatArrivedIsNotSentAgain() throws IOException {
        long whole = send(link(new MemoryStorage())).bytes();
        Random random = new Random(20261121);
        int helped = 0;
        for (int i = 0; i < CUTS; i++) {
            long at = 1 + random.nextLong(whole);
            MemoryStorage storage = new MemoryStorage();
            try {
                send(cut(link(storage), at));
            } catch (IOException expected) {
                // the backup fails, but for a cut in its last words
            }
            String where = "cut after " + at + " of " + whole + " bytes";
            assertEquals(List.of(), lab.verify(storage, true).damage(), where);
            long kept = storage.bytes("packs/");
            Sent again = send(link(storage));
            assertTrue(again.bytes() <= whole - kept + 40_000, where + ": " + kept + " bytes were there, " + again.bytes() + " were sent again");
            helped += kept > 0 ? 1 : 0;
            assertEquals(lab.live(), lab.readBack(storage, again.backup()), where);
            assertEquals(List.of(), lab.verify(storage, true).damage(), where);
        }
        assertTrue(helped > CUTS / 2, "only " + helped + " cuts left something");
    }
}
