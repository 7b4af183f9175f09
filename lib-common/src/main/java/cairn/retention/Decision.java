package cairn.retention;

import java.util.List;

/** Whether a backup is kept, and for which reasons; without a reason it goes. */
public record Decision(Candidate candidate, List<Reason> reasons) {
    public Decision {
        reasons = List.copyOf(reasons);
    }

    public boolean kept() {
        return !reasons.isEmpty();
    }
}
