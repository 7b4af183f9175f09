package cairn.prune;

import cairn.crypto.Rng;
import cairn.error.CairnException;
import cairn.format.Envelope;
import cairn.format.Hash;
import cairn.format.Kind;
import cairn.mark.Mark;
import cairn.repo.Marks;
import cairn.repo.Repository;
import cairn.session.SessionFile;
import cairn.session.SessionId;
import cairn.store.NotStoredException;
import cairn.store.StoredFile;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sessions of writers as one listing shows them (rule 6). A session ends by its own word; one that has not shown
 * itself for the grace period, or is older than 14 days, is fenced: from then on its writer cannot publish a backup
 * that is not in doubt. So is one that showed itself at a time which is still to come, by more than the grace period:
 * otherwise one that was killed while the storage's clock was wrong would stand in the way for years.
 */
final class LiveSessions {
    private static final Duration OLDEST = Duration.ofDays(14);
    private final Map<SessionId, State> states = new HashMap<>();
    private boolean fenced;

    private static final class State {
        Instant first = Instant.MAX;
        Instant last = Instant.MIN;
        boolean ended;
        final List<String> files = new ArrayList<>();
    }

    private LiveSessions() {
    }

    static LiveSessions list(Repository repository) throws IOException {
        LiveSessions sessions = new LiveSessions();
        repository.storage().list(Kind.SESSION.folder() + "/", sessions::add);
        for (Map.Entry<SessionId, State> entry : sessions.states.entrySet()) {
            State state = entry.getValue();
            state.ended = state.ended && endedByItsWriter(repository, entry.getKey(), state.files);
        }
        return sessions;
    }

    /** Only who began a session ends it: else anybody who may write could let a prune delete under a writer. */
    private static boolean endedByItsWriter(Repository repository, SessionId session, List<String> files) throws IOException {
        String begun = files.stream().filter(name -> SessionFile.ofName(name).number() != SessionFile.END)
                .min(Comparator.comparingInt(name -> SessionFile.ofName(name).number())).orElse(null);
        if (begun == null) {
            return true; // what it began with is tidied away
        }
        try {
            byte[] writer = signer(repository, begun, false);
            return writer != null && Arrays.equals(writer, signer(repository, SessionFile.name(session, SessionFile.END), true));
        } catch (NotStoredException tidied) {
            return true; // by another prune, which found that it had ended
        } catch (CairnException notWhatItSays) {
            return false;
        }
    }

    private static byte[] signer(Repository repository, String name, boolean checked) throws IOException {
        byte[] file = repository.storage().readAll(name, SessionFile.LARGEST);
        return Envelope.open(file, Kind.SESSION, repository.id(), checked ? repository.checker() : null, name).signer();
    }

    private void add(StoredFile file) {
        SessionFile session = SessionFile.ofName(file.name());
        if (session == null) {
            return;
        }
        State state = states.computeIfAbsent(session.session(), id -> new State());
        state.files.add(file.name());
        state.ended |= session.number() == SessionFile.END;
        if (file.modified().isBefore(state.first)) {
            state.first = file.modified();
        }
        if (file.modified().isAfter(state.last)) {
            state.last = file.modified();
        }
    }

    /**
     * Fences those that have been silent for long.
     *
     * @param silence from which on a session is fenced
     * @param now     by the storage's clock
     * @return how many sessions are left that neither ended nor are fenced
     */
    int settle(Repository repository, Marks marks, Duration silence, Instant now) throws IOException {
        int alive = 0;
        List<Hash> fence = new ArrayList<>();
        for (Map.Entry<SessionId, State> entry : states.entrySet()) {
            State state = entry.getValue();
            if (state.ended || marks.fenced(entry.getKey())) {
                continue;
            }
            boolean fromTheFuture = state.last.isAfter(now.plus(silence)); // the clock was set back: its age is not known
            if (state.last.isBefore(now.minus(silence)) || state.first.isBefore(now.minus(OLDEST)) || fromTheFuture) {
                fence.add(Marks.subject(entry.getKey()));
            } else {
                alive++;
            }
        }
        fenced = !fence.isEmpty();
        if (fenced) {
            publish(repository, Mark.Type.FENCE, fence, "silent");
        }
        return alive;
    }

    /** Whether {@link #settle} had to fence a session. */
    boolean hasFenced() {
        return fenced;
    }

    /** Deletes the files of sessions that ended or are fenced: they say nothing any more. The word of the end goes last. */
    void tidy(Repository repository, Marks marks) throws IOException {
        for (Map.Entry<SessionId, State> entry : states.entrySet()) {
            State state = entry.getValue();
            if (!state.ended && !marks.fenced(entry.getKey())) {
                continue;
            }
            state.files.sort(Comparator.comparing(name -> name.endsWith("-end")));
            for (String file : state.files) {
                try {
                    repository.storage().delete(file);
                } catch (NotStoredException gone) {
                    // another prune was faster
                }
            }
        }
    }

    /** Publishes a mark and gives its name in the storage. */
    static String publish(Repository repository, Mark.Type type, List<Hash> subjects, String note) throws IOException {
        byte[] file = new Mark(type, Rng.bytes(16), subjects, note).encode(repository.id(), repository.keys().signer());
        String name = Mark.name(Mark.decode(file, repository.id(), null, "the new mark").name());
        repository.storage().write(name, file);
        return name;
    }
}
