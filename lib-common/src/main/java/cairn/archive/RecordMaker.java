package cairn.archive;

import cairn.format.Hash;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import cairn.posix.Users;
import cairn.record.RecordBody;
import cairn.record.RecordFile;
import cairn.record.RecordHead;
import cairn.record.RecordHead.Token;
import cairn.repo.Repository;
import cairn.repo.WriteSession;
import cairn.tree.DirectoryWriter;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Makes the record of a run and publishes it: the same whatever the backup is of. */
final class RecordMaker {
    private final Repository repository;
    private final BackupLabel label;
    private final ArchiveCounts counts;
    private final Instant started = Instant.now();

    /** To be made when the run begins. */
    RecordMaker(Repository repository, BackupLabel label, ArchiveCounts counts) {
        this.repository = repository;
        this.label = label;
        this.counts = counts;
    }

    /** Tells if the storage was put back to an older state. */
    void checkRolledBack(WriteSession session, ArchiveListener listener) throws IOException {
        Hash lost = session.rolledBack();
        if (lost != null) {
            listener.problem(RawString.encode(repository.storage().location()), "does not have the newest backup of this key any more ("
                    + lost.hex().substring(0, 8) + "), and nobody deleted it: the storage was put back to an older state");
        }
    }

    /** Makes all that the session wrote durable, then the backup visible. */
    RecordFile publish(WriteSession session, DirectoryWriter.Roots roots, boolean partial, Map<Long, byte[]> users, Map<Long, byte[]> groups,
            List<RecordBody.CleanTime> clean, ProblemLog problems) throws IOException {
        return publish(session, session, roots, partial, users, groups, clean, problems);
    }

    /** @param wrote the session that wrote what the backup holds, if it is published in a later one */
    RecordFile publish(WriteSession session, WriteSession wrote, DirectoryWriter.Roots roots, boolean partial,
            Map<Long, byte[]> users, Map<Long, byte[]> groups, List<RecordBody.CleanTime> clean, ProblemLog problems) throws IOException {
        session.send();
        RecordHead.Link link = session.nextLink();
        int flags = (partial ? RecordHead.PARTIAL : 0) | (counts.problems.sum() > 0 ? RecordHead.INCOMPLETE : 0);
        List<Token> tags = label.tags().stream().map(tag -> repository.keys().token("tag", tag)).toList();
        RecordHead head = new RecordHead(link.sequence(), link.previous(), session.id(), roots.tree(), roots.stat(), label.time(), flags,
                counts.entries(), counts.bytesSeen.sum(), wrote.addedBytes(), label.group(repository), tags);
        RecordBody body = new RecordBody(label.host(), label.name(), label.kind(), label.version(), label.paths(), label.tags(),
                started, Instant.now(), users, groups, clean, statistics(wrote), problems.all());
        return session.publish(head, body);
    }

    private Map<String, Long> statistics(WriteSession session) {
        Map<String, Long> figures = new TreeMap<>();
        figures.put("files-new", counts.filesNew.sum());
        figures.put("files-changed", counts.filesChanged.sum());
        figures.put("files-unchanged", counts.filesUnchanged.sum());
        figures.put("directories", counts.directories.sum());
        figures.put("others", counts.others.sum());
        figures.put("bytes-read", counts.bytesRead.sum());
        figures.put("bytes-rechecked", counts.bytesRechecked.sum());
        figures.put("recheck-findings", counts.recheckFindings.sum());
        figures.put("blobs-added", session.addedBlobs());
        figures.put("problems", counts.problems.sum());
        return figures;
    }

    /** The names that this machine gives to users. */
    static Map<Long, byte[]> userNames(Set<Long> ids) {
        return names(ids, Users::userName);
    }

    /** The names that this machine gives to groups. */
    static Map<Long, byte[]> groupNames(Set<Long> ids) {
        return names(ids, Users::groupName);
    }

    private interface NameOf {
        byte[] of(int id) throws PosixException;
    }

    private static Map<Long, byte[]> names(Set<Long> ids, NameOf lookup) {
        Map<Long, byte[]> names = new TreeMap<>();
        for (long id : ids) {
            try {
                byte[] name = lookup.of((int) id);
                if (name != null) {
                    names.put(id, name);
                }
            } catch (PosixException e) {
                // the name service does not answer: the number stands for itself
            }
        }
        return names;
    }
}
