package cairn.independent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.key.KeyStore;
import cairn.key.OpenedKeys;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.record.RecordFile;
import cairn.repo.Backup;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.restore.Owners;
import cairn.restore.PathFilter;
import cairn.restore.RepositorySource;
import cairn.restore.Restore;
import cairn.restore.RestoreListener;
import cairn.restore.RestoreOptions;
import cairn.restore.RestoreRoot;
import cairn.restore.RestoreSummary;
import cairn.store.LocalFolder;
import cairn.tree.Entry;
import cairn.tree.TreeReader;
import cairn.verify.Finding;
import cairn.verify.Verifier;
import cairn.verify.VerifyCounts;
import cairn.verify.VerifyListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every later program opens and restores what a released version wrote: {@code src/test/resources/archive}. */
class ReleasedRepositoriesTest {
    @TempDir
    Path temp;

    static List<Path> released() throws IOException {
        try (Stream<Path> versions = Files.list(Path.of(System.getProperty("basedir", "."), "src/test/resources/archive"))) {
            return versions.filter(Files::isDirectory).sorted().toList();
        }
    }

    private Path copy(Path version) throws IOException {
        Path folder = temp.resolve("repository");
        List<Path> all;
        try (Stream<Path> walk = Files.walk(version.resolve("repository"))) {
            all = walk.toList();
        }
        for (Path path : all) {
            Files.copy(path, folder.resolve(version.resolve("repository").relativize(path).toString()));
        }
        return folder;
    }

    private record Given(byte[] keyFile, byte[] password) implements KeyStore.Credentials {
        @Override
        public boolean hasPassword() {
            return password != null;
        }

        @Override
        public byte[] password(String keyName) {
            return password.clone();
        }
    }

    private static Repository open(Path folder, byte[] keyFile, byte[] password) throws IOException {
        LocalFolder storage = LocalFolder.open(RawString.encode(folder.toString()));
        OpenedKeys keys = KeyStore.open(storage, null, new Given(keyFile, password), null);
        assertTrue(keys.canRestoreAll());
        return new Repository(storage, RepositoryKeys.of(keys), keys.list().settings());
    }

    @ParameterizedTest
    @MethodSource("released")
    void isVerifiedWithoutAFinding(Path version) throws Exception {
        List<Finding> findings = new ArrayList<>();
        VerifyCounts counts = new VerifyCounts();
        try (Repository repository = open(copy(version), null, MakeReleasedRepository.PASSWORD)) {
            new Verifier(repository, temp, 2, counts, new VerifyListener() {
                @Override
                public void finding(Finding finding) {
                    findings.add(finding);
                }

                @Override
                public void hit(Backup backup, byte[] path) {
                }

                @Override
                public void phase(String phase) {
                }
            }, () -> false).run(1);
        }
        assertEquals(List.of(), findings);
        assertTrue(counts.blobsOpened.sum() > 100);
    }

    @ParameterizedTest
    @MethodSource("released")
    void isRestoredByPasswordKeyFileAndPaper(Path version) throws Exception {
        Path folder = copy(version);
        byte[] keyFile = Files.readAllBytes(version.resolve("other.key"));
        byte[] paper = Files.readAllBytes(version.resolve("paper.txt"));
        restored(version, open(folder, null, MakeReleasedRepository.PASSWORD), temp.resolve("by password"));
        restored(version, open(folder, keyFile, null), temp.resolve("by key file"));
        restored(version, open(folder, paper, MakeReleasedRepository.PASSWORD), temp.resolve("by paper"));
    }

    private void restored(Path version, Repository repository, Path target) throws Exception {
        try (repository) {
            List<RecordFile> records = repository.records().all(repository.marks());
            assertEquals(2, records.size());
            Backup backup = repository.records().open(records.getLast(), repository.marks());
            assertEquals("named", backup.body().name());
            assertEquals(List.of("third"), backup.body().tags());
            assertEquals(Instant.parse("2026-11-03T00:00:00Z"), backup.time());
            byte[] source = backup.body().paths().getFirst();
            TreeReader trees = repository.trees();
            TreeReader.DirectoryCursor root = trees.root(records.getLast().head().tree(), null);
            assertTrue(root.next());
            Entry entry = root.entry();
            for (byte[] part : RawPath.split(source)) {
                entry = trees.find(((Entry.Directory) entry).tree(), part);
            }
            RestoreRoot part = new RestoreRoot(entry, source, List.of(source), List.of(), RawString.encode(target.toString()), null,
                    Owners.NUMERIC, PathFilter.ALL);
            RestoreSummary sum = new Restore(new RepositorySource(repository), RestoreOptions.defaults().withSpool(RawString.encode(temp.toString())),
                    RestoreListener.SILENT, () -> false).run(List.of(part));
            assertEquals(0, sum.failed());
        }
        Map<String, String> expected = ExpectedEntry.read(version.resolve("expected"));
        Map<String, String> found = ExpectedEntry.below(target);
        assertEquals(String.join("\n", expected.values()), String.join("\n", found.values()));
        assertEquals(Files.getAttribute(target.resolve("folder/changed"), "unix:ino"), Files.getAttribute(target.resolve("folder/second name"), "unix:ino"));
    }

    @ParameterizedTest
    @MethodSource("released")
    void isReadByTheIndependentDecoder(Path version) throws Exception {
        Path folder = version.resolve("repository");
        IndependentKeys keys = IndependentKeys.open(folder, "other", null, Files.readAllBytes(version.resolve("other.key")));
        List<Path> records = IndependentBlobs.files(folder.resolve("backups"));
        IndependentBlobs blobs = new IndependentBlobs(folder, keys, StoredRepositoryFile.read(records.getFirst(), 6).repository());
        IndependentRecord newest = null;
        for (Path path : records) {
            IndependentRecord record = new IndependentRecord(path, blobs);
            newest = newest == null || record.sequence > newest.sequence ? record : newest;
        }
        assertEquals(3, newest.sequence);
        IndependentTree tree = new IndependentTree(blobs, keys);
        tree.root(newest.tree, newest.stat);
        String source = newest.paths.getFirst();
        Map<String, String> found = new TreeMap<>();
        tree.nodes.forEach((path, node) -> {
            if (path.equals(source) || path.startsWith(source + "/")) {
                String name = path.equals(source) ? "" : path.substring(source.length() + 1);
                found.put(name, ExpectedEntry.line(name, node.mode, node.mtime.toString(), what(node)));
            }
        });
        assertEquals(String.join("\n", ExpectedEntry.read(version.resolve("expected")).values()), String.join("\n", found.values()));
        assertEquals(List.of(1, 2, 3, 5, 6), List.copyOf(new TreeMap<>(tree.pieces).keySet()), "kinds of pieces");
        assertTrue(blobs.mostSections > 1);
    }

    private static String what(IndependentTree.Node node) {
        return switch (node.type) {
            case 1 -> {
                StringBuilder out = new StringBuilder("file " + ExpectedEntry.sha256(node.content));
                node.xattrs.forEach((name, value) -> out.append(' ').append(name).append('=').append(HexFormat.of().formatHex(value)));
                yield out.toString();
            }
            case 2 -> "directory";
            case 3 -> "symlink " + new String(node.target, StandardCharsets.UTF_8);
            default -> "other";
        };
    }
}
