package cairn.transfer;

import cairn.archive.Archiver;
import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.format.RepositoryId;
import cairn.key.KeyList;
import cairn.key.Role;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.posix.RawString;
import cairn.repo.TestKeys;
import cairn.robust.Lab;
import cairn.store.LastingStorage;
import cairn.store.Storage;
import cairn.stream.StreamHeader;
import cairn.stream.StreamKind;
import cairn.stream.StreamReader;
import cairn.stream.StreamWriter;
import cairn.tree.Entry;
import cairn.tree.TreeReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sealed streams of a lab's source, and a receiver of them that has no key. */
final class Streams {
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

    static byte[] send(Lab lab, Path scratch) throws IOException {
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
        InputStream in = new ByteArrayInputStream(stream);
        StreamReader reader = StreamReader.of(in, StreamHeader.read(in, "the stream"), "the stream");
        RepositoryKeys keys = RepositoryKeys.without(repository(), TestKeys.full(true).trust());
        try (Repository repository = new Repository(storage, keys)) {
            return new SealedReceiver(repository, list, signed ? TestKeys.full(true).signer() : null, null).receive(reader, RECEIVED);
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
