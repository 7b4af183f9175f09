package cairn.transfer;

import cairn.archive.ArchiveCounts;
import cairn.archive.ArchiveListener;
import cairn.archive.Archiver;
import cairn.archive.PlainEncoder;
import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.format.RepositoryId;
import cairn.key.KeyList;
import cairn.key.Role;
import cairn.pack.Compression;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.posix.RawString;
import cairn.repo.TestKeys;
import cairn.robust.Clocks;
import cairn.robust.Lab;
import cairn.store.LastingStorage;
import cairn.store.Storage;
import cairn.stream.PlainBackup;
import cairn.stream.PlainFrames;
import cairn.stream.StreamHeader;
import cairn.stream.StreamKind;
import cairn.stream.StreamReader;
import cairn.stream.StreamWriter;
import cairn.tree.Entry;
import cairn.tree.TreeReader;
import cairn.walk.Sources;
import cairn.walk.Walk;
import cairn.walk.WalkOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Streams of a lab's source: sealed ones with a receiver that has no key, and plain ones with one that has it. */
public final class Streams {
    static final Instant RECEIVED = Instant.parse("2026-11-20T12:00:00Z");

    private Streams() {
    }

    static RepositoryId repository() {
        return TestKeys.full(true).repository();
    }

    /** A list with the one key of the tests. */
    static KeyList list(KeyList.Standing standing, Role role) {
        byte[] signing = TestKeys.full(true).signer().publicKey();
        KeyList.Member member = new KeyList.Member("me", role, standing, signing, null, 0, 0);
        return new KeyList(1, Hash.ZERO, 0, false, List.of(), List.of(member), new TreeMap<>());
    }

    public static byte[] send(Lab lab, Path scratch) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamWriter writer = new StreamWriter(out, new StreamHeader(StreamKind.SEALED, repository()));
        try (SealedSender sender = SealedSender.whole(writer, TestKeys.full(true), Map.of(), scratch)) {
            lab.backup(sender.repository());
        }
        writer.end();
        return out.toByteArray();
    }

    /** Sends what a backup in a repository does not have. */
    static byte[] sendAbove(Lab lab, Storage storage, Hash base, Path scratch) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamWriter writer = new StreamWriter(out, new StreamHeader(StreamKind.SEALED, repository()));
        Repository source = lab.open(storage);
        try (SealedSender sender = SealedSender.above(writer, source, source.records().get(base), Map.of(), scratch)) {
            Archiver.Result result = lab.backup(sender.repository());
            if (!base.equals(result.base() == null ? null : result.base().id())) {
                throw new IllegalStateException("the base was not used");
            }
        }
        writer.end();
        return out.toByteArray();
    }

    static Received receive(byte[] stream, Storage storage) throws IOException {
        return receive(stream, storage, list(KeyList.Standing.ACTIVE, Role.WRITE), false);
    }

    /** @param signed whether the receiver has a key and puts its time around the record */
    static Received receive(byte[] stream, Storage storage, KeyList list, boolean signed) throws IOException {
        RepositoryKeys keys = RepositoryKeys.without(repository(), TestKeys.full(true).trust());
        try (Repository repository = new Repository(storage, keys)) {
            return new SealedReceiver(repository, list, signed ? TestKeys.full(true).signer() : null, null).receive(reader(stream), RECEIVED);
        }
    }

    static StreamReader reader(byte[] stream) throws IOException {
        InputStream in = new ByteArrayInputStream(stream);
        return StreamReader.of(in, StreamHeader.read(in, "the stream"), "the stream");
    }

    /** What a plain stream holds. */
    interface Body {
        void write(StreamWriter out) throws IOException;
    }

    static byte[] plain(Body body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamWriter writer = new StreamWriter(out, new StreamHeader(StreamKind.PLAIN, null));
        body.write(writer);
        writer.end();
        return out.toByteArray();
    }

    /** The frame that says what a plain stream of the lab's source is. */
    static byte[] label(Lab lab, String host) {
        byte[] path = RawString.encode(lab.source.toString());
        return new PlainBackup(host, "", Archiver.KIND, "test", List.of(path), List.of("a tag"), Instant.now()).encode();
    }

    public static byte[] plain(Lab lab, String host, ArchiveListener listener) throws IOException {
        Sources sources = new Sources();
        sources.add(RawString.encode(lab.source.toString()));
        return plain(out -> {
            out.write(PlainFrames.BACKUP, label(lab, host));
            new PlainEncoder(out, new ArchiveCounts(), listener, () -> false, Clocks.PATIENT).run(visitor -> Walk.run(sources, WalkOptions.DEFAULT, visitor));
        });
    }

    static Archiver.Result receivePlain(Lab lab, byte[] stream, Storage storage, ArchiveCounts counts, ArchiveListener listener) throws IOException {
        try (Repository repository = lab.open(new LastingStorage(storage))) {
            return new PlainReceiver(repository, counts, listener, () -> false, lab.cache(), RawString.encode(lab.cache().toString()), 2)
                    .receive(reader(stream), Compression.AUTO);
        }
    }

    /** The id of the tree of the lab's source in a backup; the folders above it are not ours and change any time. */
    static BlobId tree(Lab lab, Storage storage, Hash backup) throws IOException {
        try (Repository repository = lab.open(new LastingStorage(storage))) {
            TreeReader trees = repository.trees();
            TreeReader.DirectoryCursor at = trees.root(repository.records().get(backup).head().tree(), null);
            at.next();
            BlobId tree = ((Entry.Directory) at.entry()).tree();
            for (Path name : lab.source) {
                TreeReader.DirectoryCursor entries = trees.directory(tree);
                do {
                    entries.next();
                } while (!RawString.decode(entries.entry().name()).equals(name.toString()));
                tree = ((Entry.Directory) entries.entry()).tree();
            }
            return tree;
        }
    }
}
