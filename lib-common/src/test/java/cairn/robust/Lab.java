package cairn.robust;

import cairn.archive.ArchiveCounts;
import cairn.archive.ArchiveOptions;
import cairn.archive.ArchiveOptions.Compared;
import cairn.archive.Archiver;
import cairn.archive.Heard;
import cairn.format.Hash;
import cairn.pack.Compression;
import cairn.posix.RawString;
import cairn.prune.Forgetter;
import cairn.prune.Pruner;
import cairn.repo.Backup;
import cairn.repo.BlobReader;
import cairn.repo.Repository;
import cairn.repo.RepositoryKeys;
import cairn.repo.TestKeys;
import cairn.repo.Timing;
import cairn.store.LastingStorage;
import cairn.store.Storage;
import cairn.tree.Content;
import cairn.tree.Entry;
import cairn.tree.Item;
import cairn.tree.TreeReader;
import cairn.verify.Finding;
import cairn.verify.Verifier;
import cairn.verify.VerifyCounts;
import cairn.verify.VerifyListener;
import cairn.walk.Sources;
import cairn.walk.Walk;
import cairn.walk.WalkOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One source folder and the engines that back it up, judge and prune it, each run on a freshly opened repository, as a
 * new process would do it. Which storage lies behind is up to each call.
 */
public final class Lab {
    /** Small, so that little data fills several packs. */
    public static final int PACK = 64 << 10;

    public final Path source;
    private final Heard heard = new Heard() {
        @Override
        public void note(String message) {
            super.note(message);
            noted.accept(message);
        }

        @Override
        public void reading(byte[] at) {
            reading.accept(RawString.decode(at));
        }
    };
    public final List<String> problems = heard.problems;
    public final List<String> leftOut = heard.leftOut;
    public final List<String> notes = heard.notes;
    /** Of the backup that ran last. */
    public ArchiveCounts counts;
    public BooleanSupplier cancelled = () -> false;
    /** Called, in the thread that reads, with the path of each file that is about to be read. */
    public Consumer<String> reading = path -> { };
    /** Called with what a backup has to say to people. */
    public Consumer<String> noted = message -> { };
    public Timing timing = Clocks.PATIENT;
    private final Path scratch;
    private final KeySource keys;
    private final int workers;

    /** With whose keys it works; asked at each opening. */
    public interface KeySource {
        RepositoryKeys keys() throws IOException;
    }

    public Lab(Path temp) throws IOException {
        this(temp, true, 1);
    }

    /** @param workers 1 makes the order of all calls to the storage the same in every run */
    public Lab(Path temp, boolean encrypted, int workers) throws IOException {
        this(temp, () -> TestKeys.full(encrypted), workers);
    }

    public Lab(Path temp, KeySource keys, int workers) throws IOException {
        this.source = Files.createDirectory(temp.resolve("source"));
        this.scratch = Files.createDirectory(temp.resolve("scratch"));
        this.keys = keys;
        this.workers = workers;
    }

    public Repository open(Storage storage) throws IOException {
        return new Repository(storage, keys.keys(), Map.of(), timing);
    }

    /** The cache folder. */
    public Path cache() {
        return scratch;
    }

    public Archiver.Result backup(Storage storage) throws IOException {
        try (Repository repository = open(new LastingStorage(storage))) {
            return backup(repository);
        }
    }

    public Archiver.Result backup(Repository repository) throws IOException {
        return backup(repository, source);
    }

    public Archiver.Result backup(Repository repository, Path folder) throws IOException {
        counts = new ArchiveCounts();
        byte[] path = RawString.encode(folder.toString());
        ArchiveOptions options = new ArchiveOptions("host", "", List.of(path), List.of(), Instant.now(), EnumSet.allOf(Compared.class),
                false, 0, workers, scratch, "test");
        Sources sources = new Sources();
        sources.add(path);
        return new Archiver(repository, options, counts, heard, () -> cancelled.getAsBoolean())
                .run(visitor -> Walk.run(sources, WalkOptions.DEFAULT, visitor), Compression.AUTO, PACK);
    }

    /** What a verification found that is damage, or a warning; {@code hit} the paths in trouble. */
    public record Judgement(List<Finding> findings, List<String> hit) {
        public List<Finding> damage() {
            return findings.stream().filter(finding -> finding.severity() == Finding.Severity.DAMAGE).toList();
        }
    }

    public Judgement verify(Storage storage, boolean readData) throws IOException {
        List<Finding> findings = Collections.synchronizedList(new ArrayList<>());
        List<String> hit = Collections.synchronizedList(new ArrayList<>());
        VerifyListener listener = new VerifyListener() {
            @Override
            public void finding(Finding finding) {
                findings.add(finding);
            }

            @Override
            public void hit(Backup backup, byte[] path) {
                hit.add(RawString.decode(path));
            }

            @Override
            public void phase(String now) {
            }
        };
        try (Repository repository = open(new LastingStorage(storage))) {
            new Verifier(repository, scratch, 2, new VerifyCounts(), listener, () -> false).run(readData ? 1 : 0);
        }
        return new Judgement(List.copyOf(findings), List.copyOf(hit));
    }

    /** Leaves nothing unused: every pack is made anew of what is needed of it. */
    public Pruner.Result prune(Storage storage, Duration grace) throws IOException {
        return prune(storage, grace, 0);
    }

    public Pruner.Result prune(Storage storage, Duration grace, double maxUnused) throws IOException {
        try (Repository repository = open(new LastingStorage(storage))) {
            return new Pruner(repository, scratch, phase -> { }, () -> false).run(new Pruner.Options(grace, maxUnused, false));
        }
    }

    public void forget(Storage storage, Hash... records) throws IOException {
        try (Repository repository = open(new LastingStorage(storage))) {
            Forgetter.forget(repository, List.of(records), "test");
        }
    }

    /** Every file below the source as a backup has it: its path relative to the source, and its content. */
    public Map<String, String> readBack(Storage storage, Hash record) throws IOException {
        try (Repository repository = open(new LastingStorage(storage)); BlobReader reader = repository.newReader()) {
            Map<String, String> files = new TreeMap<>();
            TreeReader trees = repository.trees();
            TreeReader.DirectoryCursor root = trees.root(repository.records().get(record).head().tree(), null);
            while (root.next()) {
                collect(repository, reader, trees, (Entry.Directory) root.entry(), "/", files);
            }
            Map<String, String> below = new TreeMap<>();
            String prefix = source + "/";
            files.forEach((path, content) -> below.put(path.startsWith(prefix) ? path.substring(prefix.length()) : path, content));
            return below;
        }
    }

    private void collect(Repository repository, BlobReader reader, TreeReader trees, Entry.Directory directory, String path,
            Map<String, String> files) throws IOException {
        for (TreeReader.DirectoryCursor entries = trees.directory(directory.tree()); entries.next();) {
            String at = path + RawString.decode(entries.entry().name());
            switch (entries.entry()) {
                case Entry.Directory below -> collect(repository, reader, trees, below, at + "/", files);
                case Entry.File file -> files.put(at, content(repository, reader, file));
                default -> { }
            }
        }
    }

    private static String content(Repository repository, BlobReader reader, Entry.File file) throws IOException {
        if (file.content() instanceof Content.Inline inline) {
            return text(inline.bytes());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (TreeReader.ItemCursor items = repository.trees().items(file); items.next();) {
            switch (items.item()) {
                case Item.Hole hole -> out.write(new byte[(int) hole.length()]);
                case Item.Data data -> {
                    reader.read(data.blob());
                    out.write(reader.payload(), data.offset(), data.dataLength());
                }
            }
        }
        return text(out.toByteArray());
    }

    /** Every regular file below the source as it is now. */
    public Map<String, String> live() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (var all = Files.walk(source)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                files.put(source.relativize(file).toString(), text(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    /** One char a byte: content that can be compared and shown. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Writes a file of content that does not compress and is the same for the same seed. */
    public void write(String name, int length, long seed) throws IOException {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        Path file = source.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    /** Files that fill some packs: folders, inline content, one chunk, several chunks. */
    public void fill(long seed) throws IOException {
        for (int i = 0; i < 5; i++) {
            write("small/f" + i, 100 + 40 * i, seed + i);
            write("middle/g" + i, 9000 + 500 * i, seed + 100 + i);
        }
        write("large/h", 300_000, seed + 200);
    }
}
