package cairn.restore;

import cairn.archive.ArchiveCounts;
import cairn.archive.ArchiveOptions;
import cairn.archive.ArchiveOptions.Compared;
import cairn.archive.Archiver;
import cairn.archive.Heard;
import cairn.pack.Compression;
import cairn.posix.Child;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Sys;
import cairn.posix.TempTree;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.repo.TestKeys;
import cairn.store.Storage;
import cairn.walk.Sources;
import cairn.walk.Walk;
import cairn.walk.WalkOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** A source, a repository and what a restore said. */
final class RestoreFixture implements AutoCloseable {
    final TempTree tree;
    final Repository repository;
    final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    final List<String> notices = Collections.synchronizedList(new ArrayList<>());
    final List<String> actions = Collections.synchronizedList(new ArrayList<>());
    RestoreOptions options = RestoreOptions.defaults().withWorkers(2);
    Owners owners = Owners.NUMERIC;
    PathFilter filter = PathFilter.ALL;
    List<RestoreParts.Mapping> mappings = List.of();
    Runnable onWrite = () -> { };
    private final Path scratch;

    /** The source is {@code tree/source}. */
    RestoreFixture(Path temp, Storage storage) throws IOException {
        tree = new TempTree(temp);
        tree.dir("source");
        scratch = temp;
        repository = new Repository(storage, TestKeys.full(true));
        options = options.withSpool(RawString.encode(temp.toString()));
    }

    byte[] source() {
        return tree.path("source");
    }

    Backup backup() throws IOException {
        Sources sources = new Sources();
        sources.add(source());
        ArchiveOptions archive = new ArchiveOptions("host", "", sources.paths(), List.of(), Instant.now(), EnumSet.allOf(Compared.class), true, 0, 2,
                scratch, "test");
        Archiver.Result result = new Archiver(repository, archive, new ArchiveCounts(), Heard.nothingAmiss(), () -> false).run(
                visitor -> Walk.run(sources, WalkOptions.DEFAULT, visitor), Compression.AUTO, 1 << 20);
        repository.refresh();
        return repository.records().open(result.record(), repository.marks());
    }

    /** Restores a path (raw, null for everything) into a folder. */
    RestoreSummary restore(Backup backup, byte[] path, byte[] target) throws IOException, InterruptedException {
        return restore(backup, path, target, () -> false);
    }

    RestoreSummary restore(Backup backup, byte[] path, byte[] target, BooleanSupplier stopped) throws IOException, InterruptedException {
        List<RestoreRoot> parts = new RestoreParts(repository.trees(), backup, owners, filter, mappings).parts(path, target);
        return new Restore(new RepositorySource(repository), options, new Listener(), stopped).run(parts);
    }

    /** Restores the source folder into {@code tree/NAME}. */
    RestoreSummary restoreTo(Backup backup, String name) throws IOException, InterruptedException {
        return restore(backup, source(), tree.path(name));
    }

    private final class Listener implements RestoreListener {
        @Override
        public void wrote(long bytes) {
            onWrite.run();
        }

        @Override
        public boolean wantsPaths() {
            return true;
        }

        @Override
        public void done(Action action, byte[] path) {
            actions.add(action + " " + name(path));
        }

        @Override
        public void failed(byte[] path, String why) {
            failures.add(name(path) + ": " + why);
        }

        @Override
        public void notice(byte[] path, String what) {
            notices.add(name(path) + ": " + what);
        }

        private static String name(byte[] path) {
            return RawString.printable(RawPath.name(path));
        }
    }

    @Override
    public void close() throws IOException {
        repository.close();
        openFolders();
        for (byte[] name : Listing.of(tree.fd).all()) {
            Removal.remove(tree.fd, name, Set.of());
        }
        tree.close();
    }

    /** Who is not root cannot remove what is in a folder that nobody may write to, as tests make some. */
    private void openFolders() throws IOException {
        if (Sys.euid() == 0) {
            return;
        }
        Child child = Child.of(List.of(RawString.encode("chmod"), RawString.encode("-R"), RawString.encode("u+rwX"), tree.path())).start();
        if (!child.waitFor().good()) {
            throw new IOException("cannot open the folders of " + RawString.printable(tree.path()));
        }
    }
}
