package cairn.verify;

import java.util.concurrent.atomic.LongAdder;

/** What a running verification has done so far. */
public final class VerifyCounts {
    public final LongAdder files = new LongAdder();
    public final LongAdder packs = new LongAdder();
    public final LongAdder packsRead = new LongAdder();
    public final LongAdder bytesRead = new LongAdder();
    public final LongAdder blobsOpened = new LongAdder();
    public final LongAdder packsAttested = new LongAdder();
    public final LongAdder blobsReached = new LongAdder();
    public final LongAdder backups = new LongAdder();
    public final LongAdder damage = new LongAdder();
    public final LongAdder warnings = new LongAdder();
    public final LongAdder hits = new LongAdder();
}
