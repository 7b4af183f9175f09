package cairn.repo;

import cairn.format.BlobId;
import cairn.format.DamagedException;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.index.IndexReader;
import cairn.index.IndexedPack;
import cairn.index.Presence;
import cairn.index.SessionIndex;
import cairn.pack.FrameCopier;
import cairn.pack.PackBuilder;
import cairn.pack.PackFormat;
import cairn.pack.PackFormat.BlobEntry;
import cairn.pack.PackKind;
import cairn.pack.PackReader;
import cairn.posix.RawString;
import cairn.store.NotStoredException;
import cairn.store.Storage;
import cairn.store.StoredFile;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps {@link LocalTrees} small: of the backups of each group and each choice of paths the newest two complete ones
 * (the last that was sent may not have arrived) and an interrupted one that is newer; and of the packs what these lead to,
 * copied together whenever the packs have grown to twice as much as that. Another program that uses the same folder
 * meanwhile may find pieces gone: it reads them elsewhere.
 */
final class LocalTreesCleaner {
    private static final String CLEAN = "clean/";
    private static final long SLACK = 16 << 20;
    private static final int PACK_SIZE = 16 << 20;
    private static final int COMPLETE = 2;
    private static final int MOST_KEPT = 64;

    private LocalTreesCleaner() {
    }

    static List<String> names(Storage storage, String folder) throws IOException {
        List<String> names = new ArrayList<>();
        storage.list(folder, file -> names.add(file.name()));
        return names;
    }

    static List<LocalTrees.Kept> kept(LocalTrees trees) throws IOException {
        List<LocalTrees.Kept> all = new ArrayList<>();
        for (String name : names(trees.storage(), LocalTrees.KEPT)) {
            Hash written = Hash.parse(name.substring(LocalTrees.KEPT.length()));
            LocalTrees.Kept kept = written == null ? null : trees.kept(written);
            if (kept != null) {
                all.add(kept);
            }
        }
        all.sort(Comparator.comparingLong(kept -> kept.record().head().sequence()));
        return all;
    }

    static void clean(LocalTrees trees, Path scratch) throws IOException {
        clean(trees, scratch, SLACK);
    }

    /**
     * @param scratch for temporary files
     * @param slack   bytes of packs that are not worth the copying
     */
    static void clean(LocalTrees trees, Path scratch, long slack) throws IOException {
        List<LocalTrees.Kept> staying = dropOld(trees);
        long size = packBytes(trees.storage());
        if (size > 2 * sizeAfterLast(trees.storage()) + slack) {
            sweep(trees, staying, scratch);
            remember(trees.storage(), packBytes(trees.storage()));
        }
    }

    private static List<LocalTrees.Kept> dropOld(LocalTrees trees) throws IOException {
        Map<String, Integer> completeMet = new HashMap<>();
        List<LocalTrees.Kept> staying = new ArrayList<>();
        for (LocalTrees.Kept each : kept(trees).reversed()) {
            StringBuilder of = new StringBuilder(each.record().head().group().toString());
            each.body().paths().forEach(path -> of.append('\0').append(RawString.decode(path)));
            boolean partial = each.record().head().partial();
            Integer before = completeMet.get(of.toString());
            if (staying.size() < MOST_KEPT && (before == null || before < COMPLETE && !partial)) {
                completeMet.put(of.toString(), (before == null ? 0 : before) + (partial ? 0 : 1));
                staying.add(each);
            } else {
                delete(trees.storage(), LocalTrees.KEPT + each.written().hex());
            }
        }
        return staying;
    }

    private static long packBytes(Storage storage) throws IOException {
        long[] bytes = {0};
        storage.list(Kind.PACK.folder() + "/", file -> bytes[0] += file.size());
        return bytes[0];
    }

    private static long sizeAfterLast(Storage storage) throws IOException {
        long least = Long.MAX_VALUE;
        for (String name : names(storage, CLEAN)) {
            String number = name.substring(CLEAN.length());
            if (number.matches("[0-9]{1,18}")) {
                least = Math.min(least, Long.parseLong(number));
            }
        }
        return least == Long.MAX_VALUE ? 0 : least;
    }

    private static void remember(Storage storage, long bytes) throws IOException {
        for (String name : names(storage, CLEAN)) {
            delete(storage, name);
        }
        storage.write(CLEAN + bytes, new byte[0]);
    }

    /** Copies what is still led to out of all packs that are known here, then deletes these. */
    private static void sweep(LocalTrees trees, List<LocalTrees.Kept> staying, Path scratch) throws IOException {
        Storage storage = trees.storage();
        Set<Hash> old = new HashSet<>();
        for (IndexReader file : trees.index().files()) {
            for (int i = 0; i < file.packs(); i++) {
                old.add(file.pack(i).hash());
            }
        }
        List<String> oldIndex = trees.index().files().stream().map(IndexReader::name).toList();
        try (BlobIdSet reached = new BlobIdSet(scratch); BlobIdSet copied = new BlobIdSet(scratch)) {
            for (LocalTrees.Kept kept : staying) {
                trees.walk(kept, reached, (id, here) -> { });
            }
            copy(trees, old, reached, copied);
        }
        for (String name : oldIndex) {
            delete(storage, name);
        }
        for (Hash pack : old) {
            delete(storage, PackFormat.name(pack));
        }
        trees.index().refresh();
    }

    private static void copy(LocalTrees trees, Set<Hash> packs, BlobIdSet reached, BlobIdSet copied) throws IOException {
        Storage storage = trees.storage();
        RepositoryKeys keys = trees.keys();
        SessionIndex index = new SessionIndex(storage, keys.repository(), keys.signer(), trees.index(),
                new Presence(trees.index(), (file, pack) -> false), SessionIndex.MOST_RECENT);
        FrameCopier copier = new FrameCopier(keys.repository(), PackKind.TREE, keys.signer(), PACK_SIZE);
        for (Hash pack : packs) {
            Optional<StoredFile> file = storage.stat(PackFormat.name(pack));
            if (file.isEmpty()) {
                throw new DamagedException(PackFormat.name(pack), "is gone");
            }
            PackReader.Directory directory = PackReader.readDirectory(storage, keys.repository(), pack, file.get());
            for (BlobEntry entry : directory.entries()) {
                BlobId id = entry.id();
                if (reached.contains(id) && copied.add(id)) {
                    index.claim(id);
                    copier.add(storage, pack, directory.head(), entry);
                    if (copier.isFull()) {
                        finish(copier, index, trees);
                    }
                }
            }
        }
        if (!copier.isEmpty()) {
            finish(copier, index, trees);
        }
        index.flush();
    }

    private static void finish(FrameCopier copier, SessionIndex index, LocalTrees trees) throws IOException {
        PackBuilder.Written written = copier.finish(trees.storage());
        index.written(new IndexedPack(written.pack(), written.kind().code(), written.bytes(), trees.keys().signer().publicKey()),
                new PackBlobs(written.entries()));
    }

    private static void delete(Storage storage, String name) throws IOException {
        try {
            storage.delete(name);
        } catch (NotStoredException gone) {
            // another program did the same
        }
    }

    /** Throws a whole folder away, as far as that is possible. */
    static void deleteAll(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path dir, IOException failed) throws IOException {
                    Files.delete(dir);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException left) {
            // what is left is checked piece by piece, as all that is kept here
        }
    }
}
