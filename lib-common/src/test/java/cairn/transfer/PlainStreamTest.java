package cairn.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.ArchiveCounts;
import cairn.archive.Archiver;
import cairn.archive.Heard;
import cairn.error.CairnException;
import cairn.format.ByteWriter;
import cairn.format.Hash;
import cairn.posix.RawString;
import cairn.robust.Clocks;
import cairn.robust.Lab;
import cairn.store.MemoryStorage;
import cairn.store.Storage;
import cairn.stream.PlainEnd;
import cairn.stream.PlainEntry;
import cairn.stream.PlainFrames;
import cairn.tree.Attributes;
import cairn.tree.EntryType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plain stream makes the tree that a backup of the same files has. */
class PlainStreamTest {
    @TempDir
    Path temp;

    private Lab lab;
    private final MemoryStorage storage = new MemoryStorage();
    private final Heard heard = new Heard();
    private ArchiveCounts counts;

    @BeforeEach
    void fill() throws IOException {
        lab = new Lab(temp, true, 2);
        lab.fill(1);
        Files.createLink(lab.source.resolve("second name"), lab.source.resolve("large/h"));
        Files.createLink(lab.source.resolve("a third name"), lab.source.resolve("large/h"));
        Files.createSymbolicLink(lab.source.resolve("link"), Path.of("nothing"));
        Files.createFile(lab.source.resolve("empty"));
        try (RandomAccessFile sparse = new RandomAccessFile(lab.source.resolve("sparse").toFile(), "rw")) {
            sparse.seek(1 << 20);
            sparse.write(new byte[100_000]);
            sparse.setLength(5 << 20);
        }
    }

    private byte[] label() {
        return Streams.label(lab, "host");
    }

    private byte[] send() throws IOException {
        return Streams.plain(lab, "host", heard);
    }

    private Archiver.Result receive(byte[] stream, Storage into) throws IOException {
        counts = new ArchiveCounts();
        return Streams.receivePlain(lab, stream, into, counts, heard);
    }

    @Test
    void theTreeIsThatOfABackupOfTheSameFolder() throws IOException {
        Hash received = receive(send(), storage).record().id();
        assertEquals(lab.live(), lab.readBack(storage, received));
        MemoryStorage other = new MemoryStorage();
        Hash direct = lab.backup(other).record().id();
        assertEquals(Streams.tree(lab, other, direct), Streams.tree(lab, storage, received));
        assertEquals(List.of(), heard.problems);
        assertEquals(List.of(), lab.verify(storage, true).damage());
    }

    @Test
    void filesThatDidNotChangeAreTakenOver() throws IOException {
        Clocks.pass(lab.source);
        receive(send(), storage);
        lab.write("small/f1", 444, 4);
        Archiver.Result third = receive(send(), storage);
        Clocks.assumeUnchangedIsSeen(lab.source);
        assertTrue(counts.filesUnchanged.sum() > 10, counts.filesUnchanged.sum() + "");
        assertEquals(lab.live(), lab.readBack(storage, third.record().id()));
        MemoryStorage other = new MemoryStorage();
        assertEquals(Streams.tree(lab, other, lab.backup(other).record().id()), Streams.tree(lab, storage, third.record().id()));
    }

    @Test
    void aBackupAfterAReceivedOneReadsOnlyWhatChanged() throws IOException {
        Clocks.pass(lab.source);
        receive(send(), storage);
        lab.backup(storage);
        Clocks.assumeUnchangedIsSeen(lab.source);
        assertTrue(lab.counts.filesUnchanged.sum() > 10, lab.counts.filesUnchanged.sum() + " unchanged");
    }

    @Test
    void nothingIsMadeOfAStreamThatIsCutOff() throws IOException {
        byte[] stream = send();
        for (int length : new int[] {33, stream.length / 3, stream.length - 40, stream.length - 1}) {
            assertThrows(CairnException.class, () -> receive(Arrays.copyOf(stream, length), storage));
        }
        assertEquals(List.of(), storage.names("backups/"));
        assertEquals(List.of(), lab.verify(storage, true).damage());
    }

    @Test
    void whatHasNoEndOrNoNameIsRefusedThoughItIsWhole() {
        assertThrows(CairnException.class, () -> receive(Streams.plain(out -> { }), storage));
        assertThrows(CairnException.class, () -> receive(Streams.plain(out -> out.write(PlainFrames.BACKUP, label())), storage));
        assertThrows(CairnException.class, () -> receive(Streams.plain(out -> {
            out.write(PlainFrames.BACKUP, label());
            out.write(PlainFrames.BACKUP_END, new PlainEnd(false, 1).encode());
        }), storage), "an entry is missing");
    }

    @Test
    void pathsThatLeadAstrayAreRefused() {
        for (String path : List.of("relative", "/a/../b", "/a//b", "/a/./b", "/a/", "")) {
            assertThrows(CairnException.class, () -> receive(Streams.plain(out -> {
                out.write(PlainFrames.BACKUP, label());
                Attributes a = new Attributes(0644, 0, 0, 0, 0, null, List.of(), 0, 0);
                out.write(PlainFrames.ENTRY, new PlainEntry(RawString.encode(path), EntryType.FILE, a, null, 0, null, 0, 0).encode());
                out.write(PlainFrames.DONE, new byte[0]);
                out.write(PlainFrames.BACKUP_END, new PlainEnd(false, 1).encode());
            }), storage), path);
        }
    }

    @Test
    void contentInTheWrongPlaceIsRefused() {
        Attributes a = new Attributes(0644, 0, 0, 0, 0, null, List.of(), 0, 0);
        byte[] file = new PlainEntry(RawString.encode("/f"), EntryType.FILE, a, null, 3, null, 0, 0).encode();
        List<Streams.Body> bodies = List.of(
                out -> out.write(PlainFrames.DATA, new byte[3]),
                out -> out.write(PlainFrames.XATTR, new ByteWriter().string(new byte[1]).string(new byte[1]).toBytes()),
                out -> {
                    out.write(PlainFrames.ENTRY, file);
                    out.write(PlainFrames.ENTRY, file);
                },
                out -> out.write(99, new byte[0]),
                out -> {
                    out.write(PlainFrames.ENTRY, file);
                    out.write(PlainFrames.HOLE, new ByteWriter().varint(Long.MAX_VALUE).toBytes());
                    out.write(PlainFrames.HOLE, new ByteWriter().varint(Long.MAX_VALUE).toBytes());
                    out.write(PlainFrames.DONE, new byte[0]);
                });
        for (Streams.Body body : bodies) {
            CairnException refused = assertThrows(CairnException.class, () -> receive(Streams.plain(out -> {
                out.write(PlainFrames.BACKUP, label());
                body.write(out);
                out.write(PlainFrames.BACKUP_END, new PlainEnd(false, 1).encode());
            }), storage), "body " + bodies.indexOf(body));
            assertTrue(refused.getMessage().startsWith("the stream "), refused.getMessage());
        }
    }

    @Test
    void aPartialStreamMakesAPartialBackup() throws IOException {
        Archiver.Result result = receive(Streams.plain(out -> {
            out.write(PlainFrames.BACKUP, label());
            out.write(PlainFrames.PROBLEM, new ByteWriter().string(RawString.encode("/gone")).string(RawString.encode("vanished")).toBytes());
            out.write(PlainFrames.BACKUP_END, new PlainEnd(true, 0).encode());
        }), storage);
        assertTrue(result.record().head().partial() && result.record().head().incomplete());
        assertEquals(List.of("/gone: vanished"), heard.problems);
    }
}
