package cairn.transfer;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.record.RecordFile;
import cairn.session.SessionFile;
import cairn.session.SessionId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The sessions that a sender tells of. All that it says of them is signed by one key, and it ends only what it began:
 * else a sender could end the session of another writer, whose content prune would then take for unused.
 */
final class SenderSessions {
    private final Set<SessionId> begun = new HashSet<>();
    private final List<End> ends = new ArrayList<>();
    private byte[] signer;

    /** What becomes of a session's file. */
    enum Kept { NOW, FOR_THE_END }

    /** The file that ends a session. */
    record End(String name, byte[] file) {
    }

    /** @param file the whole file, kept */
    Kept take(SealedFiles.Session session, byte[] file) throws CairnException {
        if (signer == null) {
            signer = session.signer();
        }
        SessionFile said = session.file();
        boolean own = Arrays.equals(signer, session.signer());
        if (!own || said.number() != 0 && !begun.contains(said.session())) {
            throw refused("it tells of the session of somebody else");
        }
        if (said.number() == SessionFile.END) {
            ends.add(new End(said.name(), file));
            return Kept.FOR_THE_END;
        }
        begun.add(said.session());
        return Kept.NOW;
    }

    /** Fails unless a record is by the same key and of one of these sessions. */
    void requireOwn(RecordFile record) throws CairnException {
        if (!begun.contains(record.head().session()) || !Arrays.equals(signer, record.signer())) {
            throw refused("its backup is of a session that it did not begin");
        }
    }

    private static CairnException refused(String why) {
        return new CairnException(ExitCode.REFUSED, "the stream was not made by one sender: " + why, "no backup was made of it");
    }

    List<End> ends() {
        return ends;
    }
}
