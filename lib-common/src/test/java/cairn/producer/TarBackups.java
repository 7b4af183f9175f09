package cairn.producer;

import cairn.archive.ArchiveCounts;
import cairn.archive.BackupLabel;
import cairn.archive.Heard;
import cairn.archive.Intake;
import cairn.archive.IntakeRun;
import cairn.format.Hash;
import cairn.pack.Compression;
import cairn.posix.RawString;
import cairn.repo.Repository;
import cairn.robust.Lab;
import cairn.store.MemoryStorage;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Makes backups of archives, and keeps what was said of them. */
final class TarBackups {
    final Lab lab;
    final List<String> warnings = new ArrayList<>();
    /** Of the backup that was made last. */
    ArchiveCounts counts;
    final Heard heard;

    TarBackups(Lab lab, Heard heard) {
        this.lab = lab;
        this.heard = heard;
    }

    /** Saves the members of an archive below a path. */
    Hash save(MemoryStorage storage, String path, InputStream archive) throws IOException {
        counts = new ArchiveCounts();
        StreamListener streams = new StreamListener() {
            @Override
            public void said(String line) {
            }

            @Override
            public void ended(StreamSource source, long bytes, int status) {
            }

            @Override
            public void warning(String message) {
                warnings.add(message);
            }
        };
        StreamFeed feed = new StreamFeed(List.of(new StreamSource(RawString.encode(path), null, true)), Expectation.NONE, archive, streams, () -> false);
        try (Repository repository = lab.open(storage)) {
            return new IntakeRun(repository, new BackupLabel("host", "", Intake.KIND, List.of(), List.of(), Instant.now(), "test"), counts, heard,
                    () -> false, lab.cache(), RawString.encode(lab.cache().toString()), 1).run(feed, Compression.AUTO, Lab.PACK).record().id();
        }
    }
}
