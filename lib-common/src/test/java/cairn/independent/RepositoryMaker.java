package cairn.independent;

import cairn.archive.ArchiveCounts;
import cairn.archive.ArchiveOptions;
import cairn.archive.Archiver;
import cairn.archive.Heard;
import cairn.chunk.ChunkParams;
import cairn.cli.NewRepository;
import cairn.format.Hash;
import cairn.key.KeyChanges;
import cairn.key.KeyStore;
import cairn.key.Lock;
import cairn.key.OpenedKeys;
import cairn.pack.Compression;
import cairn.posix.RawString;
import cairn.prune.Forgetter;
import cairn.prune.Pruner;
import cairn.record.RecordFile;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.store.LocalFolder;
import cairn.walk.Sources;
import cairn.walk.Walk;
import cairn.walk.WalkOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeMap;

/** Makes repositories as the commands do. */
final class RepositoryMaker implements AutoCloseable {
    OpenedKeys keys;
    private final byte[] path;
    private Repository repository;
    private final Path scratch;

    RepositoryMaker(Path folder, String keyName, Lock lock, ChunkParams chunks, Path scratch) throws IOException {
        path = RawString.encode(folder.toString());
        byte[] keyFile = lock instanceof Lock.KeyFile ? RawString.encode(keyFileOf(folder).toString()) : null;
        this.scratch = scratch;
        keys = new NewRepository(path, keyName, lock, keyFile, chunks, false, new TreeMap<>()).make(System.currentTimeMillis());
        repository = new Repository(LocalFolder.open(path), RepositoryKeys.of(keys), keys.list().settings());
    }

    /** Publishes a change of the keys, and goes on with it. */
    void change(KeyChanges.Change change) throws IOException {
        KeyStore.publish(repository.storage(), change);
        repository.close();
        keys = change.keys();
        repository = new Repository(LocalFolder.open(path), RepositoryKeys.of(keys), keys.list().settings());
    }

    /** Where the key file of a repository that it makes is: beside its folder. */
    static Path keyFileOf(Path folder) {
        return folder.resolveSibling(folder.getFileName() + ".key");
    }

    void backup(Path source, String name, String tag, Instant time) throws IOException {
        byte[] from = RawString.encode(source.toString());
        ArchiveOptions options = new ArchiveOptions("host", name, List.of(from), List.of(tag), time,
                EnumSet.allOf(ArchiveOptions.Compared.class), false, 0, 2, scratch, "test");
        Sources sources = new Sources();
        sources.add(from);
        new Archiver(repository, options, new ArchiveCounts(), Heard.nothingAmiss(), () -> false).run(
                visitor -> Walk.run(sources, WalkOptions.DEFAULT, visitor), Compression.AUTO, 1 << 20);
        repository.refresh();
    }

    /** Gives up all backups but the newest, and copies what is needed out of every pack that is not needed whole. */
    long keepNewest() throws IOException {
        List<Hash> old = repository.records().all(repository.marks()).reversed().stream().skip(1).map(RecordFile::id).toList();
        Forgetter.forget(repository, old, "");
        return new Pruner(repository, scratch, phase -> { }, () -> false).run(new Pruner.Options(Duration.ZERO, 0, false)).bytesCopied();
    }

    @Override
    public void close() throws IOException {
        repository.close();
    }
}
