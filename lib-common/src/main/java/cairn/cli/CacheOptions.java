package cairn.cli;

import cairn.error.CairnException;
import cairn.posix.RawString;
import picocli.CommandLine.Option;

/** Where and how much to remember between runs. Losing the cache costs time, never a byte. */
public final class CacheOptions implements HelpSection {
    private static final long DEFAULT_SIZE = 4L << 30;

    @Option(names = "--cache-dir", paramLabel = "DIR", description = "keep the cache here; else $XDG_CACHE_HOME/cairn")
    private String dir;

    @Option(names = "--cache-size", paramLabel = "SIZE", converter = SizeConverter.class,
            description = "keep the cache below this size (default 4GiB); 0 keeps none")
    private Long size;

    public CacheOptions() {
    }

    /** The usual place, but no larger than this. */
    CacheOptions(long size) {
        this.size = size;
    }

    @Override
    public String heading() {
        return "cache";
    }

    /** The raw path of the folder, which need not exist. */
    public byte[] dir(CommandContext context) throws CairnException {
        if (dir != null) return RawString.encode(dir);
        return UserFolders.cache(context);
    }

    /** The largest size in bytes; 0 for no cache. */
    public long size() {
        return size == null ? DEFAULT_SIZE : size;
    }
}
