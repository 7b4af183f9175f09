package cairn.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cairn.archive.Heard;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.BlobId;
import cairn.format.Hash;
import cairn.posix.Programs;
import cairn.posix.RawString;
import cairn.repo.BlobReader;
import cairn.repo.Repository;
import cairn.robust.Lab;
import cairn.store.MemoryStorage;
import cairn.tar.TarException;
import cairn.tar.TarMaker;
import cairn.tree.Content;
import cairn.tree.Entry;
import cairn.tree.Item;
import cairn.tree.LinkGroup;
import cairn.tree.TreeReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the members of an archive, also of such as nobody should make. */
class TarIntakeTest {
    private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path temp;
    private Lab lab;
    private final MemoryStorage storage = new MemoryStorage();
    private final Heard heard = new Heard() {
        @Override
        public void problem(byte[] path, String message) {
            problems.add(RawString.printable(path) + " " + message);
        }
    };
    private TarBackups backups;

    @BeforeEach
    void make() throws IOException {
        lab = new Lab(temp, false, 1);
        backups = new TarBackups(lab, heard);
    }

    private Hash backup(String path, InputStream archive) throws IOException {
        return backups.save(storage, path, archive);
    }

    /** What the backup of an archive holds: paths below the stream and what is there; hard links share a letter. */
    private String tree(TarMaker maker) throws IOException {
        heard.problems.clear();
        backups.warnings.clear();
        Map<String, String> found = new TreeMap<>();
        try (Repository repository = lab.open(storage); BlobReader reader = repository.newReader()) {
            Hash record = backup("/base", new ByteArrayInputStream(maker.end().bytes()));
            TreeReader.DirectoryCursor root = repository.trees().root(repository.records().get(record).head().tree(), null);
            assertTrue(root.next());
            collect(repository, reader, (Entry.Directory) root.entry(), "", found, new HashMap<>());
        }
        found.remove("/base");
        StringBuilder all = new StringBuilder();
        found.forEach((path, what) -> all.append(all.isEmpty() ? "" : " ").append(path.replaceFirst("^/base/", "")).append(what));
        return all.toString();
    }

    private static void collect(Repository repository, BlobReader reader, Entry.Directory directory, String path, Map<String, String> found,
            Map<LinkGroup, Character> links) throws IOException {
        for (TreeReader.DirectoryCursor entries = repository.trees().directory(directory.tree()); entries.next();) {
            Entry entry = entries.entry();
            String at = path + "/" + RawString.decode(entry.name());
            LinkGroup group = entry.attributes().linkGroup();
            String link = group == null ? "" : links.computeIfAbsent(group, g -> (char) ('A' + links.size())).toString();
            found.put(at, link + switch (entry) {
                case Entry.Directory below -> "/" + Integer.toOctalString(below.attributes().mode());
                case Entry.File file -> "=" + content(repository, reader, file);
                case Entry.Symlink symlink -> ">" + RawString.decode(symlink.target());
                case Entry.Special special -> ":" + special.type();
            });
            if (entry instanceof Entry.Directory below) {
                collect(repository, reader, below, at, found, links);
            }
        }
    }

    private static String content(Repository repository, BlobReader reader, Entry.File file) throws IOException {
        if (file.content() instanceof Content.Inline inline) {
            return RawString.decode(inline.bytes());
        }
        StringBuilder content = new StringBuilder();
        for (TreeReader.ItemCursor items = repository.trees().items(file); items.next();) {
            switch (items.item()) {
                case Item.Hole hole -> content.append('<').append(hole.length()).append('>');
                case Item.Data data -> {
                    reader.read(data.blob());
                    content.append(new String(reader.payload(), data.offset(), data.dataLength(), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return content.toString();
    }

    private void told(String... told) {
        assertEquals(List.of(told), heard.problems);
    }

    @Test
    void namesAreTakenWithoutTheirSlashes() throws IOException {
        assertEquals("a=1 b/640 b/c=2 e/755 e/f=3", tree(new TarMaker().file("/a", "1").folder("//b//").file("./b/./c", "2").file("e/f", "3")));
        told();
    }

    @Test
    void theArchiveItselfIsItsFolder() throws IOException {
        String mode = modeOfBase(new TarMaker().file("a", "").folder("./"));
        assertEquals("/640", mode);
        assertEquals("/640", modeOfBase(new TarMaker().folder("/").file("a", "")));
        assertEquals("/640", modeOfBase(new TarMaker().folder("").file("a", "")));
        assertEquals("/755", modeOfBase(new TarMaker().file("a", "")));
        told();
        assertEquals("a=", tree(new TarMaker().file(".", "x").link('2', "", "y").link('1', "./", "a").file("a", "")));
        assertEquals(3, heard.problems.size());
        heard.problems.forEach(problem -> assertTrue(problem.contains("name of the whole archive"), problem));
    }

    private String modeOfBase(TarMaker maker) throws IOException {
        try (Repository repository = lab.open(storage)) {
            Hash record = backup("/base", new ByteArrayInputStream(maker.end().bytes()));
            TreeReader.DirectoryCursor root = repository.trees().root(repository.records().get(record).head().tree(), null);
            root.next();
            TreeReader.DirectoryCursor top = repository.trees().directory(((Entry.Directory) root.entry()).tree());
            top.next();
            assertEquals("base", RawString.decode(top.entry().name()));
            return "/" + Integer.toOctalString(top.entry().attributes().mode());
        }
    }

    @Test
    void namesThatLeadOutAreLeftOut() throws IOException {
        assertEquals("..b=3 a=1 b../755 b../...=4", tree(new TarMaker().file("a", "1").file("../etc/passwd", "x").file("b/../../c", "x")
                .file("..", "x").file("..b", "3")
                .file("b../...", "4").file("/..", "5").link('1', "h", "../a").link('1', "i", "/..")));
        told("/base/../etc/passwd has '..' in its name: left out", "/base/b/../../c has '..' in its name: left out", "/base/.. has '..' in its name: left out",
                "/base/.. has '..' in its name: left out", "/base/h is a hard link to '../a', outside of the archive: left out",
                "/base/i is a hard link to '/..', outside of the archive: left out");
    }

    @Test
    void noSymlinkIsFollowed() throws IOException {
        assertEquals("a>/etc b/640 b/c=2", tree(new TarMaker().link('2', "a", "/etc").file("a/passwd", "x").folder("b").file("b/c", "2")));
        told("/base/a/passwd stands below something that is no folder");
        assertEquals("l>../..", tree(new TarMaker().file("l/x", "1").link('2', "l", "../..")));
        told("/base/l/x stands below something that is no folder");
    }

    @Test
    void theLastOfANameCounts() throws IOException {
        assertEquals("a=2", tree(new TarMaker().file("a", "1").file("./a", "2")));
        assertEquals("a/640 a/b=1", tree(new TarMaker().file("a", "x").folder("a").file("a/b", "1")));
        assertEquals("a:FIFO", tree(new TarMaker().file("a", "x").link('6', "a", "")));
        told();
        assertEquals("a=x", tree(new TarMaker().folder("a").file("a/b", "1").file("a", "x")));
        told("/base/a/b stands below something that is no folder");
        assertEquals("a=1", tree(new TarMaker().file("a", "1").file("a/b", "2")));
        told("/base/a/b stands below something that is no folder");
    }

    @Test
    void hardLinksGoToWhatTheirTargetWas() throws IOException {
        assertEquals("aA=1 bA=1 cA=1", tree(new TarMaker().file("a", "1").link('1', "b", "a").link('1', "/c", "./b")));
        assertEquals("a=2 bA=1", tree(new TarMaker().file("a", "1").link('1', "b", "a").file("a", "2")));
        assertEquals("a=1 b=2", tree(new TarMaker().file("a", "1").file("b", "2").link('1', "a", "a")).replace("A", ""));
        assertEquals("aA>x bA>x", tree(new TarMaker().link('2', "a", "x").link('1', "b", "a")));
        told();
    }

    @Test
    void hardLinksToNothing() throws IOException {
        assertEquals("a=1 d/640", tree(new TarMaker().link('1', "b", "a").file("a", "1").folder("d").link('1', "e", "d").link('1', "f", "f")
                .link('1', "g", "")));
        assertEquals(4, heard.problems.size());
        assertTrue(heard.problems.contains("/base/b is a hard link to '/base/a', which did not come before it"), heard.problems.toString());
        assertTrue(heard.problems.contains("/base/e is a hard link to '/base/d', a folder"), heard.problems.toString());
        // the archive of a part can hold the content with the link
        TarMaker maker = new TarMaker().pax("mtime=100").header("b", '1', 3, block -> TarMaker.put(block, 157, "a")).content("abc");
        assertEquals("b=abc", tree(maker));
        assertEquals(1, heard.problems.size());
        maker = new TarMaker().file("a", "abc").pax("mtime=100").header("b", '1', 3, block -> TarMaker.put(block, 157, "a")).content("abc");
        assertEquals("aA=abc bA=abc", tree(maker));
        told();
    }

    @Test
    void symlinksMayLeadAnywhereAndNowhere() throws IOException {
        assertEquals("a>/../../etc", tree(new TarMaker().link('2', "a", "/../../etc").link('2', "b", "")));
        told("/base/b is a symlink to nothing: left out");
    }

    @Test
    void holesOfAnySizeStayHoles() throws IOException {
        long huge = 1L << 62;
        assertEquals("s=<5>ab<" + (huge - 7) + ">", tree(new TarMaker().pax("GNU.sparse.size=" + huge, "GNU.sparse.map=5,2").file("s", "ab")));
        told();
    }

    @Test
    void whatIsBehindTheEndIsTold() throws IOException {
        assertEquals("a=1", tree(new TarMaker().file("a", "1").end().file("b", "2")));
        assertEquals(1, heard.problems.size());
        assertTrue(heard.problems.getFirst().startsWith("/base ends 2048 bytes before the stream does"), heard.problems.toString());
        assertEquals("", tree(new TarMaker()));
        assertTrue(backups.warnings.getFirst().contains("holds nothing"));
    }

    @Test
    void deepFoldersNeedMemoryForTheirNamesOnly() throws IOException {
        String deep = ("d".repeat(60) + "/").repeat(15_000);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        backup("/base", new ByteArrayInputStream(new TarMaker().pax("path=" + deep + "f").file("x", "1").file("a", "2").end().bytes()));
        assertEquals(15_002, backups.counts.directories.sum());
        assertEquals(2, backups.counts.filesNew.sum());
        assertTrue(THREADS.getCurrentThreadAllocatedBytes() - before < 500L << 20);
        told();
    }

    @Test
    void whatARecordHoldsStaysSmall() throws IOException {
        TarMaker maker = new TarMaker();
        String name = "../" + "n".repeat(200_000);
        for (int i = 0; i < 200; i++) {
            maker.pax("path=" + name, "uid=" + i, "uname=" + "u".repeat(100_000)).file("x", "");
        }
        assertEquals("a=1", tree(maker.file("a", "1")));
        assertEquals(200, heard.problems.size());
    }

    @Test
    void namesNobodyCanHaveAreRefused() {
        String deep = "d/".repeat(25_000);
        CairnException e = assertThrows(CairnException.class, () -> tree(new TarMaker().pax("path=" + deep).folder("d")));
        assertTrue(e.getMessage().contains("impossible path"), e.getMessage());
        assertEquals(List.of(), storage.names("backups/"));
    }

    @Test
    void aBrokenArchiveMakesNoBackup() {
        for (TarMaker broken : List.of(new TarMaker().file("a", "1"), new TarMaker().header("a", '0', 1000).content("too short"))) {
            TarException e = assertThrows(TarException.class, () -> backup("/base", new ByteArrayInputStream(broken.bytes())));
            assertEquals(ExitCode.PRODUCER_FAILED, e.exitCode());
            assertEquals(List.of(), storage.names("backups/"));
        }
    }

    /** The tree below a path of the source. */
    private BlobId treeOf(Hash record, Path at) throws IOException {
        try (Repository repository = lab.open(storage)) {
            TreeReader.DirectoryCursor entries = repository.trees().root(repository.records().get(record).head().tree(), null);
            entries.next();
            Entry.Directory directory = (Entry.Directory) entries.entry();
            for (Path name : at) {
                TreeReader.DirectoryCursor below = repository.trees().directory(directory.tree());
                while (below.next() && !RawString.decode(below.entry().name()).equals(name.toString())) {
                    assertTrue(below.entry() instanceof Entry.Directory);
                }
                directory = (Entry.Directory) below.entry();
            }
            return directory.tree();
        }
    }

    @Test
    void theTreeIsThatOfABackupOfTheSameFolder() throws Exception {
        Programs.require("tar", "setfattr", "setfacl");
        lab.fill(1);
        Process made = new ProcessBuilder("sh", "-ec", """
                cd "$0"
                ln small/f1 middle/again; ln -s x link; ln link link2; mkfifo fifo
                printf begin > sparse; truncate -s 3M sparse; printf middle >> sparse; truncate -s 9M sparse; : > "$(printf 'x\\377')"
                touch -d '1969-12-31 23:59:58.25Z' small/f2; chmod 2751 small
                setfattr -n user.a=b%25 -v 0x00ff0a small/f3 || :; setfattr -n user.empty small || :
                setfacl -m u:1:rw,g:2:r small/f4 || :; setfacl -d -m u:3:rwx small || :
                tar --format=posix --xattrs --xattrs-include='*' --acls --sparse -cf ../whole.tar .
                """, lab.source.toString()).redirectErrorStream(true).start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, made.waitFor(), said);
        Hash files = lab.backup(storage).record().id();
        BlobId tree = treeOf(files, lab.source);
        try (InputStream archive = Files.newInputStream(temp.resolve("whole.tar"))) {
            assertEquals(tree, treeOf(backup(lab.source.toString(), archive), lab.source));
        }
        told();
        // the pieces name link groups by where they are: elsewhere the tree is another one
        try (InputStream archive = Files.newInputStream(temp.resolve("whole.tar"))) {
            assertNotEquals(tree, treeOf(backup("/elsewhere", archive), Path.of("/elsewhere")));
        }
    }
}
