package cairn.archive;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What a running backup has done so far; any thread may read it for progress. Sizes in bytes. */
public final class ArchiveCounts {
    public final LongAdder filesNew = new LongAdder();
    public final LongAdder filesChanged = new LongAdder();
    public final LongAdder filesUnchanged = new LongAdder();
    public final LongAdder directories = new LongAdder();
    public final LongAdder others = new LongAdder();
    /** Content of all files seen, holes left out as far as that is known. */
    public final LongAdder bytesSeen = new LongAdder();
    /** Content read from the source. */
    public final LongAdder bytesRead = new LongAdder();
    /** Content read again at random to check the rule for unchanged files. */
    public final LongAdder bytesRechecked = new LongAdder();
    public final LongAdder problems = new LongAdder();
    /** Unchanged files whose content was found to differ. */
    public final LongAdder recheckFindings = new LongAdder();

    /** Begins again at 0. */
    public void reset() {
        for (LongAdder count : List.of(filesNew, filesChanged, filesUnchanged, directories, others, bytesSeen, bytesRead, bytesRechecked,
                problems, recheckFindings)) {
            count.reset();
        }
    }

    public long entries() {
        return filesNew.sum() + filesChanged.sum() + filesUnchanged.sum() + directories.sum() + others.sum();
    }
}
