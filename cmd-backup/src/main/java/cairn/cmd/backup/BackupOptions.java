package cairn.cmd.backup;

import cairn.archive.ArchiveOptions;
import cairn.archive.ArchiveOptions.Compared;
import cairn.archive.BackupLabel;
import cairn.cli.CommandContext;
import cairn.cli.PercentConverter;
import cairn.cli.ThisHost;
import cairn.cli.Time;
import cairn.cli.UsageException;
import cairn.cli.Version;
import cairn.error.CairnException;
import cairn.pack.Compression;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Option;

/** How a backup is called and made, for commands that read files. */
final class BackupOptions {
    @Option(names = "--tag", paramLabel = "TAG", description = "put a tag on the backup; repeatable")
    private List<String> tags = List.of();

    @Option(names = "--name", paramLabel = "NAME", description = "name of the backup: backups of one name belong together")
    private String name = "";

    @Option(names = "--host", paramLabel = "HOST", description = "record this host name instead of the machine's own")
    private String host;

    @Option(names = "--time", paramLabel = "TIME", description = "record this time: 2026-11-20, '2026-11-20 17:30' or RFC 3339")
    private String time;

    @Option(names = "--compression", paramLabel = "LEVEL", description = "off, fast, auto or 1 to 19; else as the repository was made")
    private String compression;

    @Option(names = "--compare", paramLabel = "FIELDS", description = "what must agree for a file to count as unchanged: size,mtime,ctime,inode (the default)")
    private String compare = "size,mtime,ctime,inode";

    @Option(names = "--reread", description = "read every file, also those that did not change")
    private boolean reread;

    @Option(names = "--recheck", paramLabel = "PERCENT", converter = PercentConverter.class,
            description = "read this share of what did not change again, at random, and compare (default 0.1%)")
    private Double recheck;

    @Option(names = "--readers", paramLabel = "N", description = "threads that read and store files; else one for each processor, at most 8")
    private int readers = Math.min(8, Runtime.getRuntime().availableProcessors());

    /** Finds mistakes before anything is opened or asked. */
    void check() throws UsageException {
        readers();
        fields();
    }

    String name() {
        return name;
    }

    String host() throws CairnException {
        return host != null ? host : ThisHost.name();
    }

    List<String> tags() {
        return tags;
    }

    Instant time(CommandContext context, Instant began) throws CairnException {
        return time == null ? began : Time.parse(time, context.zone());
    }

    int readers() throws UsageException {
        if (readers < 1 || readers > 64) {
            throw new UsageException("--readers wants a number from 1 to 64");
        }
        return readers;
    }

    /** @param usual what is used if nothing is asked for */
    Compression compression(Compression usual) throws CairnException {
        return compression == null ? usual : Compression.parse(compression);
    }

    /** @param called the name, where none is given */
    BackupLabel label(CommandContext context, String called, String kind, List<byte[]> paths, Instant began) throws CairnException {
        return new BackupLabel(host(), name.isEmpty() ? called : name, kind, paths, tags, time(context, began), Version.number());
    }

    /** @param paths as recorded @param began when the command began @param scratch folder for temporary files, or null */
    ArchiveOptions archive(CommandContext context, List<byte[]> paths, Instant began, Path scratch) throws CairnException {
        return new ArchiveOptions(host(), name, paths, tags, time(context, began), fields(), reread, recheck == null ? 0.001 : recheck, readers(),
                scratch, Version.number());
    }

    private Set<Compared> fields() throws UsageException {
        Set<Compared> fields = EnumSet.noneOf(Compared.class);
        for (String field : compare.split(",", -1)) {
            try {
                fields.add(Compared.valueOf(field.trim().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new UsageException("--compare wants size, mtime, ctime and inode, joined by commas, not '" + field + "'");
            }
        }
        return fields;
    }
}
