package cairn.robust;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The rules of concurrency as a small machine: a writer, a forget and two prunes, each a list of single steps, run in
 * every order there is. There is one blob. It is in the pack {@link #P1}, in one of the two start states also in
 * {@link #P2}, and the record {@link #R0} leads to it. The writer makes a backup of the same content (record R1, or R2
 * when it has to do it again), the forget deletes R0, and each prune deletes one of the packs. Time is not modelled: a
 * silent session may be fenced at any moment, for no time decides whether a deletion is safe.
 *
 * <p>A state is lost if a record that counts as good is there, and no pack that exists holds the blob.
 */
final class RulesModel {
    /** A rule, or a part of one, that can be left out. */
    enum Rule {
        R2_SESSION_BEFORE_MARKS, R2_MARKS_UNTIL_TWO_LISTINGS_AGREE, R3_BASE_FOUND_AFTER_THE_MARKS, R4_NO_MARKED_PACK,
        R5_LOOK_FOR_THE_FENCE, R5_LOOK_AFTER_THE_RECORD, R6_MARKS_BEFORE_SESSIONS, R6_WAIT_FOR_SESSIONS,
        R7_RECORDS_AFTER_SESSIONS, R7_RECORDS_TWICE, R8_COPY_WHAT_IS_NEEDED, R8_NOT_IN_A_MARKED_PACK, R9_TOMBSTONE_BEFORE_THE_FILE
    }

    /** Bits of packs: two from the start, one that each round of the writer makes, one that each prune copies into. */
    private static final int P1 = 1;
    private static final int P2 = 2;
    private static final int WRITTEN = 4;
    private static final int COPIED = 16;
    /** Bits of records. */
    private static final int R0 = 1;
    private static final int R1 = 2;

    // what the storage holds
    private static final int PACKS = 0;
    private static final int INDEX = 1;
    private static final int PACK_MARKS = 2;
    private static final int PACK_TOMBS = 3;
    private static final int RECORDS = 4;
    private static final int RECORD_MARKS = 5;
    private static final int RECORD_TOMBS = 6;
    private static final int SESSIONS = 7;
    private static final int ENDED = 8;
    private static final int FENCES = 9;
    /** Records whose writers said that they are good. */
    private static final int GOOD = 10;
    // the writer
    private static final int W = 11;
    private static final int W_ROUND = 12;
    private static final int W_TOMBS = 13;
    private static final int W_MARKS = 14;
    private static final int W_RECORD_TOMBS = 15;
    private static final int W_RECORD_MARKS = 16;
    private static final int W_LAST = 17;
    private static final int W_FOUND = 18;
    private static final int W_BASE = 19;
    // the forget: step, sessions that it found
    private static final int F = 20;
    private static final int F_SESSIONS = 21;
    // the prunes, five each: step, sessions found, packs that others marked, records found, whether another copy is there
    private static final int A = 22;
    private static final int B = 27;
    private static final int SIZE = 32;

    private final Set<Rule> rules;
    private final Set<ByteBuffer> seen = new HashSet<>();
    private final Deque<byte[]> todo = new ArrayDeque<>();
    private boolean lost;

    private RulesModel(Set<Rule> rules) {
        this.rules = rules;
    }

    /** What a search found. */
    record Outcome(boolean lost, int states) {
    }

    /** @param twoCopies whether the blob is in both packs, and both are pruned; else P1 alone is */
    static Outcome search(Set<Rule> rules, boolean twoCopies) {
        RulesModel model = new RulesModel(rules.isEmpty() ? EnumSet.noneOf(Rule.class) : EnumSet.copyOf(rules));
        byte[] start = new byte[SIZE];
        start[PACKS] = start[INDEX] = (byte) (twoCopies ? P1 | P2 : P1);
        start[RECORDS] = start[GOOD] = R0;
        start[B] = (byte) (twoCopies ? 0 : DONE);
        if (twoCopies) {
            start[F] = DONE; // the search stays small: what a forget may do to a writer shows with one copy
        }
        model.visit(start);
        while (!model.todo.isEmpty() && !model.lost) {
            model.expand(model.todo.pop());
        }
        return new Outcome(model.lost, model.seen.size());
    }

    private static final byte DONE = 99;

    private boolean has(Rule rule) {
        return rules.contains(rule);
    }

    private void visit(byte[] state) {
        if (seen.add(ByteBuffer.wrap(state))) {
            lost |= state[PACKS] == 0 && (state[GOOD] & state[RECORDS] & ~state[RECORD_TOMBS]) != 0;
            todo.push(state);
        }
    }

    /** One possible step. */
    private void step(byte[] from, Consumer<byte[]> change) {
        byte[] next = from.clone();
        change.accept(next);
        visit(next);
    }

    private void expand(byte[] s) {
        writer(s);
        forget(s);
        prune(s, A, P1, COPIED);
        prune(s, B, P2, COPIED << 1);
    }

    // ---- the writer

    private static final int W_CHOOSE_EARLY = 0;
    private static final int W_SESSION = 1;
    private static final int W_LIST_TOMBS = 2;
    private static final int W_LIST_MARKS = 3;
    private static final int W_AGREE = 4;
    private static final int W_INDEX = 5;
    private static final int W_DECIDE = 6;
    private static final int W_SESSION_LATE = 7;
    private static final int W_PACK = 8;
    private static final int W_INDEX_FILE = 9;
    private static final int W_LOOK_EARLY = 10;
    private static final int W_RECORD = 11;
    private static final int W_LOOK = 12;
    private static final int W_END = 13;

    private void writer(byte[] s) {
        int session = 1 << s[W_ROUND];
        switch (s[W]) {
            case W_CHOOSE_EARLY -> step(s, n -> {
                // without rule 3: a base that was found before the session began
                n[W_BASE] = (byte) (!has(Rule.R3_BASE_FOUND_AFTER_THE_MARKS) && (s[RECORDS] & R0) != 0 ? 1 : 0);
                n[W] = W_SESSION;
            });
            case W_SESSION -> step(s, n -> {
                if (has(Rule.R2_SESSION_BEFORE_MARKS)) {
                    n[SESSIONS] |= (byte) session;
                }
                n[W_TOMBS] = n[W_MARKS] = n[W_RECORD_TOMBS] = n[W_RECORD_MARKS] = 0;
                n[W_LAST] = -1;
                n[W] = W_LIST_TOMBS;
            });
            // a listing takes time: the tombstones may stand before the marks in it
            case W_LIST_TOMBS -> step(s, n -> {
                n[W_TOMBS] |= s[PACK_TOMBS];
                n[W_RECORD_TOMBS] |= s[RECORD_TOMBS];
                n[W] = W_LIST_MARKS;
            });
            case W_LIST_MARKS -> step(s, n -> {
                n[W_MARKS] |= s[PACK_MARKS];
                n[W_RECORD_MARKS] |= s[RECORD_MARKS];
                n[W] = W_AGREE;
            });
            case W_AGREE -> step(s, n -> {
                byte now = (byte) (s[W_TOMBS] | s[W_MARKS] << 2 | s[W_RECORD_TOMBS] << 4 | s[W_RECORD_MARKS] << 5);
                boolean again = has(Rule.R2_MARKS_UNTIL_TWO_LISTINGS_AGREE) && now != s[W_LAST];
                n[W_LAST] = again ? now : 0;
                n[W] = (byte) (again ? W_LIST_TOMBS : W_INDEX);
            });
            case W_INDEX -> step(s, n -> {
                n[W_FOUND] = s[INDEX];
                n[W] = W_DECIDE;
            });
            case W_DECIDE -> decide(s);
            default -> write(s, session);
        }
    }

    /** What the writer does when it knows what it relies on. */
    private void write(byte[] s, int session) {
        switch (s[W]) {
            case W_SESSION_LATE -> step(s, n -> {
                n[SESSIONS] |= (byte) session;
                n[W] = W_PACK;
            });
            case W_PACK -> step(s, n -> {
                if (s[W_FOUND] == 0) {
                    n[PACKS] |= (byte) (WRITTEN * session);
                }
                n[W] = W_INDEX_FILE;
            });
            case W_INDEX_FILE -> step(s, n -> {
                if (s[W_FOUND] == 0) {
                    n[INDEX] |= (byte) (WRITTEN * session);
                }
                n[W] = (byte) (has(Rule.R5_LOOK_AFTER_THE_RECORD) ? W_RECORD : W_LOOK_EARLY);
            });
            case W_LOOK_EARLY -> step(s, n -> {
                n[W_LAST] = (byte) (s[FENCES] & session);
                n[W] = W_RECORD;
            });
            case W_RECORD -> step(s, n -> {
                n[RECORDS] |= (byte) (R1 * session);
                n[W] = W_LOOK;
            });
            case W_LOOK -> {
                // one that is far away sends its end right behind the record
                step(s, n -> n[ENDED] |= (byte) session);
                step(s, n -> {
                    int fence = has(Rule.R5_LOOK_AFTER_THE_RECORD) ? s[FENCES] & session : s[W_LAST];
                    boolean doubt = has(Rule.R5_LOOK_FOR_THE_FENCE) && fence != 0;
                    if (!doubt) {
                        n[GOOD] |= (byte) (R1 * session);
                    }
                    n[W_FOUND] = n[W_LAST] = 0;
                    n[W_BASE] = (byte) (doubt ? 1 : 0);
                    n[W] = W_END;
                });
            }
            case W_END -> step(s, n -> {
                n[ENDED] |= (byte) session;
                boolean again = s[W_BASE] == 1 && s[W_ROUND] == 0;
                n[W_BASE] = n[W_TOMBS] = n[W_MARKS] = n[W_RECORD_TOMBS] = n[W_RECORD_MARKS] = 0;
                n[W_ROUND] = (byte) (again ? 1 : s[W_ROUND]);
                n[W] = again ? W_SESSION : DONE;
            });
            default -> { }
        }
    }

    /** Takes the blob over with a subtree of the base, or looks it up; {@code W_FOUND} then says whether it need not be written. */
    private void decide(byte[] s) {
        byte next = (byte) (has(Rule.R2_SESSION_BEFORE_MARKS) ? W_PACK : W_SESSION_LATE);
        boolean base = s[W_BASE] == 1 || has(Rule.R3_BASE_FOUND_AFTER_THE_MARKS) && s[W_ROUND] == 0
                && (s[RECORDS] & R0) != 0 && ((s[W_RECORD_MARKS] | s[W_RECORD_TOMBS]) & R0) == 0;
        if (base) {
            step(s, n -> {
                n[W_FOUND] = 1;
                n[W_BASE] = 0;
                n[W] = next;
            });
        }
        step(s, n -> {
            int revoked = has(Rule.R4_NO_MARKED_PACK) ? s[W_MARKS] | s[W_TOMBS] : s[W_TOMBS];
            n[W_FOUND] = (byte) ((s[W_FOUND] & ~revoked) != 0 ? 1 : 0);
            n[W_BASE] = 0;
            n[W] = next;
        });
    }

    // ---- forget, with the deletion of the record

    private void forget(byte[] s) {
        switch (s[F]) {
            case 0 -> step(s, n -> {
                n[RECORD_MARKS] |= R0;
                n[F] = 1;
            });
            case 1 -> step(s, n -> {
                n[F_SESSIONS] = (byte) (s[SESSIONS] & ~s[ENDED] & ~s[FENCES]);
                n[F] = 2;
            });
            case 2 -> await(s, F, F_SESSIONS, 3);
            case 3 -> step(s, n -> {
                n[RECORD_TOMBS] |= R0;
                n[F] = 4;
            });
            case 4 -> step(s, n -> {
                n[RECORDS] &= ~R0;
                n[F] = 5;
            });
            case 5 -> step(s, n -> {
                n[RECORD_MARKS] &= ~R0;
                n[F] = DONE;
            });
            default -> { }
        }
    }

    /** Goes on when each session that was found has ended or is fenced; may fence one of them. */
    private void await(byte[] s, int at, int sessions, int then) {
        int alive = s[sessions] & ~s[ENDED] & ~s[FENCES];
        if (alive == 0 || !has(Rule.R6_WAIT_FOR_SESSIONS)) {
            step(s, n -> {
                n[sessions] = 0;
                n[at] = (byte) then;
            });
        }
        for (int session = 1; session <= alive; session <<= 1) {
            int fence = session;
            if ((alive & session) != 0) {
                step(s, n -> n[FENCES] |= (byte) fence);
            }
        }
    }

    // ---- prune of one pack

    private void prune(byte[] s, int at, int pack, int copy) {
        boolean marksFirst = has(Rule.R6_MARKS_BEFORE_SESSIONS);
        boolean recordsLast = has(Rule.R7_RECORDS_AFTER_SESSIONS);
        switch (s[at]) {
            case 0 -> step(s, n -> {
                if (marksFirst) {
                    n[PACK_MARKS] |= (byte) pack;
                }
                n[at] = (byte) (recordsLast ? 1 : 20);
            });
            case 1 -> step(s, n -> {
                n[at + 1] = (byte) (s[SESSIONS] & ~s[ENDED] & ~s[FENCES]);
                n[at] = 2;
            });
            case 2 -> await(s, at, at + 1, 3);
            case 3 -> step(s, n -> {
                n[PACK_MARKS] |= (byte) pack;
                n[at] = 4;
            });
            case 4 -> step(s, n -> {
                n[at + 2] = (byte) (has(Rule.R8_NOT_IN_A_MARKED_PACK) ? (s[PACK_MARKS] | s[PACK_TOMBS]) & ~pack : 0);
                n[at] = (byte) (recordsLast ? 5 : 9);
            });
            case 20 -> step(s, n -> {
                n[at + 3] |= s[RECORDS];
                n[at] = 1;
            });
            default -> judge(s, at, pack, copy);
        }
    }

    /** What the records need of the pack. */
    private void judge(byte[] s, int at, int pack, int copy) {
        switch (s[at]) {
            // a listing takes time: the records of the writer stand before the old one in it
            case 5, 7 -> step(s, n -> {
                n[at + 3] |= (byte) (s[RECORDS] & ~R0);
                n[at]++;
            });
            case 6 -> step(s, n -> {
                n[at + 3] |= (byte) (s[RECORDS] & R0);
                n[at] = (byte) (has(Rule.R7_RECORDS_TWICE) ? 7 : 9);
            });
            case 8 -> step(s, n -> {
                n[at + 3] |= (byte) (s[RECORDS] & R0);
                n[at] = 9;
            });
            default -> delete(s, at, pack, copy);
        }
    }

    /** Copies what is needed, then deletes the pack. */
    private void delete(byte[] s, int at, int pack, int copy) {
        switch (s[at]) {
            case 9 -> step(s, n -> {
                boolean elsewhere = (s[PACKS] & ~pack & ~s[at + 2]) != 0;
                n[at + 4] = (byte) (s[at + 3] == 0 || elsewhere || !has(Rule.R8_COPY_WHAT_IS_NEEDED) ? 1 : 0);
                n[at + 2] = n[at + 3] = 0;
                n[at] = 10;
            });
            case 10 -> step(s, n -> {
                if (s[at + 4] == 0 && (s[PACKS] & pack) != 0) {
                    n[PACKS] |= (byte) copy;
                }
                n[at + 4] = 0;
                n[at] = (byte) (has(Rule.R9_TOMBSTONE_BEFORE_THE_FILE) ? 11 : 12);
            });
            case 11 -> step(s, n -> {
                n[PACK_TOMBS] |= (byte) pack;
                n[at] = 12;
            });
            case 12 -> step(s, n -> {
                n[PACKS] &= (byte) ~pack;
                n[at] = 13;
            });
            case 13 -> step(s, n -> {
                n[PACK_MARKS] &= (byte) ~pack;
                n[at] = DONE;
            });
            default -> { }
        }
    }
}
