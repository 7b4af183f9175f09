package cairn.cli;

import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of other backup programs, and what they are called here. */
final class ForeignWords {
    private static final Map<String, String> HINTS = Map.ofEntries(
            Map.entry("add", "cairn backup PATH"),
            Map.entry("append", "cairn backup PATH"),
            Map.entry("archive", "cairn backup PATH"),
            Map.entry("archives", "cairn list"),
            Map.entry("break-lock", "cairn has no locks, so there is nothing to break"),
            Map.entry("cache", "cairn keeps its cache in order by itself; --cache-dir says where"),
            Map.entry("check", "cairn verify, with --read-data for every stored byte"),
            Map.entry("clone", "cairn copy"),
            Map.entry("compact", "cairn prune"),
            Map.entry("compare", "cairn diff A B"),
            Map.entry("create", "cairn backup PATH; for a new repository cairn init"),
            Map.entry("delete", "cairn forget, then cairn prune"),
            Map.entry("download", "cairn restore BACKUP --target DIR"),
            Map.entry("dump", "cairn cat BACKUP:PATH for a file, cairn export BACKUP:PATH for a folder"),
            Map.entry("expire", "cairn forget --keep-daily 7"),
            Map.entry("extract", "cairn restore BACKUP --target DIR"),
            Map.entry("fsck", "cairn verify"),
            Map.entry("gc", "cairn prune"),
            Map.entry("get", "cairn restore BACKUP --target DIR; to stdout cairn cat BACKUP:PATH"),
            Map.entry("history", "cairn versions PATH"),
            Map.entry("info", "cairn stats; for one backup cairn list --json BACKUP"),
            Map.entry("key-add", "cairn key add"),
            Map.entry("log", "cairn list"),
            Map.entry("maintenance", "cairn prune"),
            Map.entry("passwd", "cairn key add, then cairn key remove"),
            Map.entry("policy", "cairn forget --keep-daily 7; what to leave out: cairn backup --exclude"),
            Map.entry("pull", "cairn copy, or cairn restore to get files out"),
            Map.entry("purge", "cairn prune"),
            Map.entry("push", "cairn copy, or cairn backup to save files"),
            Map.entry("put", "cairn backup PATH; from stdin cairn backup --stdin --as NAME"),
            Map.entry("rebuild-index", "nothing to do: an index that is lost is made again from the packs, by whatever needs it"),
            Map.entry("recover", "cairn repair"),
            Map.entry("recreate", "cairn copy"),
            Map.entry("repo", "cairn init, cairn stats, cairn verify"),
            Map.entry("repository", "cairn init, cairn stats, cairn verify"),
            Map.entry("rewrite", "cairn copy"),
            Map.entry("rm", "cairn forget, then cairn prune"),
            Map.entry("rollback", "cairn restore BACKUP --target /"),
            Map.entry("save", "cairn backup PATH"),
            Map.entry("self-update", "use the package manager or unpack the new archive"),
            Map.entry("show", "cairn ls BACKUP, or cairn list"),
            Map.entry("size", "cairn stats"),
            Map.entry("snapshots", "cairn list"),
            Map.entry("sync", "cairn copy"),
            Map.entry("test", "cairn verify"),
            Map.entry("undelete", "cairn restore BACKUP:PATH --target DIR"),
            Map.entry("unlock", "cairn has no locks, so there is nothing to unlock"),
            Map.entry("unmount", "cairn umount DIR"),
            Map.entry("update", "cairn backup PATH"),
            Map.entry("upload", "cairn backup PATH"),
            Map.entry("vacuum", "cairn prune"),
            Map.entry("version", "cairn --version"),
            Map.entry("with-lock", "cairn has no locks: run the command as it is"));

    /** Of a sentence that begins with the program's name no command is meant. */
    private static final Pattern COMMAND = Pattern.compile("cairn (?:has |([a-z]+))");

    private ForeignWords() {}

    /**
     * What to do instead, or null if nobody's word is known.
     *
     * @param exists whether there is a command of a name: a hint whose first command this version does not have is none
     */
    static String hint(String word, Predicate<String> exists) {
        String hint = HINTS.get(word);
        Matcher first = COMMAND.matcher(hint == null ? "" : hint);
        return !first.find() || first.group(1) == null || exists.test(first.group(1)) ? hint : null;
    }
}
