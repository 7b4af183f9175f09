package cairn.robust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import cairn.archive.Archiver;
import cairn.crypto.Ed25519;
import cairn.format.DamagedException;
import cairn.format.Envelope;
import cairn.format.Kind;
import cairn.record.RecordFile;
import cairn.repo.TestKeys;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that a receiver published, around what their writer signed. */
class ReceivedRecordsTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-20T12:00:00.5Z");

    @TempDir
    Path temp;

    private Lab lab;
    private final MemoryStorage storage = new MemoryStorage();

    @BeforeEach
    void fill() throws IOException {
        lab = new Lab(temp);
        lab.fill(1);
    }

    /** Puts the record of a backup under a receiver's signature, as if it had come through {@code cairn receive}. */
    private RecordFile receive(Archiver.Result backup) throws IOException {
        String name = RecordFile.name(backup.record().id());
        byte[] written = storage.readAll(name, RecordFile.LARGEST);
        byte[] file = RecordFile.received(TestKeys.full(true).repository(), written, RECEIVED, TestKeys.full(true).signer());
        RecordFile record = RecordFile.decode(file, TestKeys.full(true).repository(), Ed25519::verify, "the record");
        storage.write(RecordFile.name(record.id()), file);
        storage.delete(name);
        return record;
    }

    @Test
    void theReceiversTimeStandsAroundWhatTheWriterSigned() throws IOException {
        Archiver.Result backup = lab.backup(storage);
        RecordFile record = receive(backup);
        assertEquals(RECEIVED, record.time());
        assertEquals(backup.record().id(), record.written());
        assertNotEquals(record.written(), record.id());
        assertArrayEquals(backup.record().signer(), record.signer());
        assertEquals(backup.record().head(), record.head());
        assertEquals(lab.live(), lab.readBack(storage, record.id()));
        assertEquals(List.of(), lab.verify(storage, true).damage());
    }

    @Test
    void theChainNamesRecordsAsTheirWriterMadeThem() throws IOException {
        RecordFile first = receive(lab.backup(storage));
        // this machine wrote it under another name than it is stored by: it looks for it once, as after a loss
        lab.problems.clear();
        RecordFile second = lab.backup(storage).record();
        assertEquals(2, second.head().sequence());
        assertEquals(first.written(), second.head().previous());
    }

    @Test
    void aReceiversRecordWithoutSignatureIsDamaged() throws IOException {
        Archiver.Result backup = lab.backup(storage);
        byte[] written = storage.readAll(RecordFile.name(backup.record().id()), RecordFile.LARGEST);
        byte[] signed = RecordFile.received(TestKeys.full(true).repository(), written, RECEIVED, TestKeys.full(true).signer());
        byte[] body = Arrays.copyOfRange(signed, Envelope.HEADER, signed.length - Envelope.SIGNED_FOOTER);
        byte[] unsigned = Envelope.close(Kind.RECORD, TestKeys.full(true).repository(), body, null);
        Assertions.assertThrows(DamagedException.class, () -> RecordFile.decode(unsigned, TestKeys.full(true).repository(), null, "it"));
    }
}
