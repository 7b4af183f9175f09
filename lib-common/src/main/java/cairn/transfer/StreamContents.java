package cairn.transfer;

import cairn.crypto.Ed25519;
import cairn.format.ByteReader;
import cairn.format.DamagedException;
import cairn.format.ForeignFileException;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.record.RecordFile;
import cairn.record.RecordHead;
import cairn.stream.Frame;
import cairn.stream.PlainBackup;
import cairn.stream.PlainEnd;
import cairn.stream.PlainEntry;
import cairn.stream.PlainFrames;
import cairn.stream.StreamException;
import cairn.stream.StreamKind;
import cairn.stream.StreamReader;
import cairn.tree.EntryType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads a stream to its trailer to tell what is in it, checks it, and stores nothing. */
public final class StreamContents {
    private static final int LARGEST = 256 << 20;

    private StreamContents() {
    }

    /** Hears what is in a stream. */
    public interface Listener {
        /** A file of a sealed stream. @param blobs in a pack or index file, -1 for any other */
        void file(String name, long bytes, int blobs) throws IOException;

        /** The backup of a sealed stream, as far as it stands in clear. */
        void record(RecordHead head) throws IOException;

        /** The backup of a plain stream. */
        void backup(PlainBackup backup) throws IOException;

        void entry(PlainEntry entry) throws IOException;

        void link(byte[] path, byte[] target) throws IOException;

        void problem(byte[] path, String message) throws IOException;
    }

    /**
     * What the trailer vouches for.
     *
     * @param items   files of a sealed stream, entries of a plain one
     * @param content bytes of the files or of the content of the entries
     * @param arrived bytes of the stream
     */
    public record Totals(long items, long content, long arrived) {
    }

    public static Totals read(StreamReader in, Listener listener) throws IOException {
        try {
            return in.header().kind() == StreamKind.SEALED ? sealed(in, listener) : plain(in, listener);
        } catch (DamagedException | ForeignFileException wrong) {
            throw new StreamException("the stream", "holds what is not right: " + wrong.getMessage(), wrong);
        }
    }

    private static Totals sealed(StreamReader in, Listener listener) throws IOException {
        SealedFiles files = new SealedFiles(in.header().repository(), Ed25519::verify, null);
        long[] totals = new long[2];
        new ArrivingFile(in, kind -> LARGEST).readAll(new ArrivingFile.Sink() {
            @Override
            public void base(Hash written) {
                // shown by nothing that a user could do something with
            }

            @Override
            public void file(Kind kind, String name, byte[] file, int length) throws IOException {
                totals[0]++;
                totals[1] += length;
                int blobs = -1;
                RecordFile record = null;
                switch (kind) {
                    case PACK -> blobs = files.pack(name, file, length).entries().size();
                    case INDEX -> blobs = files.index(name, file, length).entries();
                    case RECORD -> record = files.record(name, file, length);
                    default -> files.session(name, file, length);
                }
                listener.file(name, length, blobs);
                if (record != null) {
                    listener.record(record.head());
                }
            }
        });
        return new Totals(totals[0], totals[1], in.position());
    }

    private static Totals plain(StreamReader in, Listener listener) throws IOException {
        listener.backup(PlainReceiver.backup(in));
        long items = 0;
        long content = 0;
        PlainEntry waiting = null;
        PlainEnd end = null;
        for (Frame frame = in.next(); frame != null; frame = in.next()) {
            ByteReader reader = frame.reader("a frame of the type " + frame.type());
            if (frame.type() == PlainFrames.XATTR) {
                if (waiting == null) {
                    throw in.wrong("holds an extended attribute of no entry");
                }
                waiting = waiting.with(reader);
                continue;
            }
            if (waiting != null) {
                listener.entry(waiting);
            }
            waiting = null;
            switch (frame.type()) {
                case PlainFrames.ENTRY -> {
                    waiting = PlainEntry.decode(reader);
                    items++;
                    content += waiting.type() == EntryType.FILE ? waiting.size() : 0;
                }
                case PlainFrames.LINK -> {
                    byte[] path = reader.string();
                    listener.link(path, reader.string());
                    items++;
                }
                case PlainFrames.PROBLEM -> {
                    byte[] path = reader.string();
                    listener.problem(path, new String(reader.string(), StandardCharsets.UTF_8));
                }
                case PlainFrames.BACKUP_END -> end = PlainEnd.decode(reader);
                case PlainFrames.DATA, PlainFrames.HOLE, PlainFrames.DONE, PlainFrames.DROP, PlainFrames.CLEAN, PlainFrames.NAME -> { }
                default -> throw in.wrong("holds a frame of the type " + frame.type() + ", which this version does not know");
            }
        }
        if (end == null || end.entries() != items) {
            throw in.wrong("is whole, but its backup has no right end");
        }
        return new Totals(items, content, in.position());
    }
}
