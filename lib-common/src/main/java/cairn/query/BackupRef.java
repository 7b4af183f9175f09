package cairn.query;

import cairn.archive.Archiver;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.DamagedException;
import cairn.format.Hash;
import cairn.posix.RawString;
import cairn.record.RecordFile;
import cairn.repo.Backup;
import cairn.repo.Repository;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How people name a backup, and a path in it.
 *
 * <pre>
 * reference = backup [ ":" path ]
 * backup    = "latest"            the newest complete one of this host that saved what the path leads to
 *           | 4 to 64 hex digits  the one whose id begins so
 *           | name "@latest"      the newest complete one of this name
 *           | name "@" time       the newest complete one begun by the end of that day, minute or second
 * time      = 2026-11-20 | 2026-11-20T17:30[:00[.5]] (or a blank for the T), each of the latter with Z or +01:00 or neither
 * </pre>
 *
 * {@code latest:/etc/fstab} is the newest backup of {@code /}, {@code /etc} or the file, whichever backups of {@code /home} or of a
 * command's output came later; where none saved that path, the newest of all. Files come before streams: {@code latest}
 * alone is no dump that was made after the files.
 *
 * <p>A name is looked for among the backups of this host first, then among those of all hosts; where no backup has it as
 * its name, as the name of a host. A path is absolute, or relative to the root.
 */
public final class BackupRef {
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{4,64}(?=:|$)");
    private static final Pattern SHORT_ID = Pattern.compile("[0-9a-fA-F]{1,3}(:.*)?", Pattern.DOTALL);
    private static final Pattern MOMENT = Pattern.compile(
            "@(latest|\\d{4}-\\d\\d-\\d\\d(?:[T ]\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d\\d:\\d\\d)?)?)(?=:|$)");
    private static final String LATEST = "latest";
    private static final int MOST_SHOWN = 8;

    private final String text;
    private final String id;
    private final String name;
    private final String moment;
    private final byte[] path;

    private BackupRef(String text, String id, String name, String moment, byte[] path) {
        this.text = text;
        this.id = id;
        this.name = name;
        this.moment = moment;
        this.path = path;
    }

    /**
     * @param text in the form of {@link RawString}
     * @throws CairnException (usage) if it names no backup
     */
    public static BackupRef parse(String text) throws CairnException {
        if (text.equals(LATEST) || text.startsWith(LATEST + ":")) {
            return new BackupRef(LATEST, null, null, LATEST, path(text, LATEST.length()));
        }
        Matcher id = ID.matcher(text);
        if (id.lookingAt()) {
            return new BackupRef(id.group(), id.group().toLowerCase(Locale.ROOT), null, null, path(text, id.end()));
        }
        Matcher moment = MOMENT.matcher(text);
        if (moment.find() && moment.start() > 0) {
            return new BackupRef(text.substring(0, moment.end()), null, text.substring(0, moment.start()), moment.group(1), path(text, moment.end()));
        }
        String shown = RawString.printable(RawString.encode(text));
        if (SHORT_ID.matcher(text).matches()) {
            throw new CairnException(ExitCode.USAGE, "'" + shown + "' is too short for the id of a backup", "give at least four digits");
        }
        throw new CairnException(ExitCode.USAGE, "'" + shown + "' names no backup",
                "give an id as 'cairn list' shows it, latest, NAME@latest or NAME@2026-11-20; a path follows after a colon");
    }

    private static byte[] path(String text, int end) {
        return end == text.length() ? null : RawString.encode(text.substring(end + 1));
    }

    /** The path in the backup as it was given, absolute or relative to the root; null if there was none. */
    public byte[] path() {
        return path == null ? null : path.clone();
    }

    /**
     * Finds the backup.
     *
     * @param zone     of times without one
     * @param thisHost the host whose backups {@code latest} means
     * @throws CairnException if there is none or there are several
     */
    public Backup resolve(Repository repository, ZoneId zone, String thisHost) throws IOException {
        if (id != null) {
            return byId(repository);
        }
        if (name == null) {
            Predicate<Backup> mine = backup -> backup.body().host().equals(thisHost);
            Predicate<Backup> holding = mine.and(this::savedPath);
            Backup found = newest(repository, Instant.MAX, holding.and(backup -> backup.body().kind().equals(Archiver.KIND)));
            found = found != null ? found : newest(repository, Instant.MAX, holding);
            found = found != null ? found : newest(repository, Instant.MAX, mine);
            if (found == null) {
                throw none(repository, "no complete backup of this host, '" + thisHost + "'");
            }
            return found;
        }
        Instant until = moment.equals(LATEST) ? Instant.MAX : end(moment, zone);
        Backup found = newest(repository, until, backup -> backup.body().name().equals(name) && backup.body().host().equals(thisHost));
        found = found != null ? found : newestOfAnyHost(repository, until);
        found = found != null ? found : newest(repository, until, backup -> backup.body().host().equals(name));
        if (found == null) {
            throw none(repository, "no complete backup '" + name + "'" + (until == Instant.MAX ? "" : " by " + moment));
        }
        return found;
    }

    /** Is the path above, at or below one that the backup saved? */
    private boolean savedPath(Backup backup) {
        byte[][] wanted = TreePath.components(path);
        return backup.body().paths().stream().map(TreePath::components).anyMatch(saved -> {
            int common = Math.min(saved.length, wanted.length);
            return Arrays.deepEquals(Arrays.copyOf(saved, common), Arrays.copyOf(wanted, common));
        });
    }

    private Backup newestOfAnyHost(Repository repository, Instant until) throws IOException {
        SortedSet<String> hosts = new TreeSet<>();
        Backup found = newest(repository, until, backup -> {
            boolean named = backup.body().name().equals(name);
            if (named && usable(backup)) {
                hosts.add(backup.body().host());
            }
            return named;
        });
        if (found != null) {
            newest(repository, until, backup -> {
                if (backup.body().name().equals(name) && usable(backup)) {
                    hosts.add(backup.body().host());
                }
                return false;
            });
        }
        if (hosts.size() > 1) {
            throw new CairnException(ExitCode.FAILED, "several hosts have backups '" + name + "': " + String.join(", ", hosts),
                    "name one by its id: 'cairn list --name " + name + "' shows them");
        }
        return found;
    }

    private Backup byId(Repository repository) throws IOException {
        List<Hash> found = new ArrayList<>();
        Hash forgotten = null;
        for (Hash hash : repository.records().list()) {
            if (hash.hex().startsWith(id)) {
                if (repository.marks().revokesRecord(hash)) {
                    forgotten = hash;
                } else {
                    found.add(hash);
                }
            }
        }
        if (found.size() == 1) {
            return repository.records().open(repository.records().get(found.getFirst()), repository.marks());
        }
        if (found.isEmpty()) {
            throw new CairnException(ExitCode.FAILED, forgotten != null ? "the backup '" + id + "' was forgotten"
                    : "no backup has an id that begins with '" + id + "'",
                    "'cairn list' shows the backups that are there");
        }
        throw new CairnException(ExitCode.FAILED, "several backups have an id that begins with '" + id + "': " + shown(found), "give more digits");
    }

    private static String shown(List<Hash> ids) {
        List<String> first = ids.stream().map(Hash::hex).sorted().limit(MOST_SHOWN).map(hex -> hex.substring(0, 16)).toList();
        return String.join(", ", first) + (ids.size() > MOST_SHOWN ? " and " + (ids.size() - MOST_SHOWN) + " more" : "");
    }

    /**
     * A damaged record ends the search: it could be the very one, and to restore an older one without a word would
     * be worse than to ask.
     */
    private Backup newest(Repository repository, Instant until, Predicate<Backup> wanted) throws IOException {
        try {
            for (RecordFile record : repository.records().all(repository.marks()).reversed()) {
                if (record.head().partial() || record.time().isAfter(until)) {
                    continue;
                }
                Backup backup = open(repository, record);
                if (backup != null && wanted.test(backup) && usable(backup)) {
                    return backup;
                }
            }
            return null;
        } catch (CairnException damaged) {
            Damage.orThrow(damaged);
            throw new CairnException(damaged.exitCode(), damaged.getMessage() + ", so that nobody can tell which backup '" + text + "' is",
                    "name one by its id: 'cairn list' shows those that can be read", damaged);
        }
    }

    /**
     * Null for a record that is whole, as its signature shows, and that its writer never sealed so that it opens: whoever may
     * only write could otherwise keep all others from their newest backup.
     */
    private static Backup open(Repository repository, RecordFile record) throws IOException {
        try {
            return repository.records().open(record, repository.marks());
        } catch (DamagedException sealed) {
            if (repository.keys().trust().forContent(record.signer())) {
                throw sealed;
            }
            return null;
        }
    }

    private static boolean usable(Backup backup) {
        return !backup.partial() && !backup.inDoubt();
    }

    private static CairnException none(Repository repository, String message) throws IOException {
        SortedSet<String> others = new TreeSet<>();
        for (RecordFile record : repository.records().all(repository.marks())) {
            Backup backup = open(repository, record);
            if (backup != null && usable(backup)) {
                others.add(backup.body().name().isEmpty() ? backup.body().host() : backup.body().name());
            }
        }
        String shown = String.join(", ", others.stream().limit(MOST_SHOWN).map(other -> other + "@latest").toList());
        return new CairnException(ExitCode.FAILED, message, others.isEmpty() ? "make one with 'cairn backup'; 'cairn list' shows what is there"
                : "'cairn list' shows what is there; there are complete ones by the names " + shown);
    }

    /** The last moment that a time means: of that day, minute or second. */
    private static Instant end(String moment, ZoneId zone) throws CairnException {
        try {
            String iso = moment.replace(' ', 'T');
            if (iso.length() == 10) {
                return LocalDate.parse(iso).plusDays(1).atStartOfDay(zone).toInstant().minusNanos(1);
            }
            boolean offset = iso.endsWith("Z") || iso.charAt(iso.length() - 6) == '+' || iso.charAt(iso.length() - 6) == '-';
            String local = !offset ? iso : iso.substring(0, iso.endsWith("Z") ? iso.length() - 1 : iso.length() - 6);
            Instant start = offset ? OffsetDateTime.parse(iso).toInstant() : LocalDateTime.parse(iso).atZone(zone).toInstant();
            return local.indexOf('.') > 0 ? start : start.plusSeconds(local.length() == 16 ? 60 : 1).minusNanos(1);
        } catch (DateTimeException e) {
            throw new CairnException(ExitCode.USAGE, "'" + moment + "' is not a time", "give one like 2026-11-20 or 2026-11-20T17:30", e);
        }
    }
}
