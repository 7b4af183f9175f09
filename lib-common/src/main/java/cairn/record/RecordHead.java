package cairn.record;

import cairn.format.BlobId;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;
import cairn.format.Hash;
import cairn.session.SessionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a record that stands in clear: what retention, prune and a server without a reading key need.
 *
 * <pre>
 * sequence   u64      counts the records of the signing key, from 1
 * previous   32       hash of the record before it by the same key; zeros in the first
 * session    16
 * tree       32       root piece of the tree
 * stat       32       root piece of the parallel stats
 * time       u64      seconds since 1970 (signed), by the writer's clock, when it began
 * nanos      u32
 * flags      u32      bit 0 partial: interrupted; bit 1 incomplete: some entries could not be read
 * entries    u64      in the tree
 * bytes      u64      of content, holes left out
 * added      u64      bytes that the backup added to the repository
 * group      16       keyed token of host, name and kind: equal for backups that belong together
 * tags       varint   how many tokens, then 16 each
 * </pre>
 */
public record RecordHead(long sequence, Hash previous, SessionId session, BlobId tree, BlobId stat, Instant time, int flags,
        long entries, long bytes, long added, Token group, List<Token> tags) {
    public static final int PARTIAL = 1;
    public static final int INCOMPLETE = 2;

    /** A keyed hash of a name: equal names give equal tokens, and nobody without the key can tell which name. */
    public record Token(long high, long low) {
        public static final int BYTES = 16;
    }

    /** Where a record stands in the chain of its signing key. */
    public record Link(long sequence, Hash previous) {
    }

    public boolean partial() {
        return (flags & PARTIAL) != 0;
    }

    public boolean incomplete() {
        return (flags & INCOMPLETE) != 0;
    }

    void write(ByteWriter out) {
        out.u64(sequence).hash(previous).bytes(session.bytes()).id(tree).id(stat).u64(time.getEpochSecond()).u32(time.getNano()).u32(flags);
        out.u64(entries).u64(bytes).u64(added).u64(group.high).u64(group.low).varint(tags.size());
        for (Token tag : tags) {
            out.u64(tag.high).u64(tag.low);
        }
    }

    static RecordHead read(ByteReader in) throws DamagedException {
        long sequence = in.u64();
        Hash previous = in.hash();
        SessionId session = SessionId.read(in.bytes(SessionId.BYTES), 0);
        BlobId tree = in.id();
        BlobId stat = in.id();
        Instant time = instant(in.u64(), in.u32(), in);
        int flags = in.u32();
        long entries = in.u64();
        long bytes = in.u64();
        long added = in.u64();
        Token group = new Token(in.u64(), in.u64());
        int count = in.varint(in.remaining() / Token.BYTES);
        List<Token> tags = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            tags.add(new Token(in.u64(), in.u64()));
        }
        return new RecordHead(sequence, previous, session, tree, stat, time, flags, entries, bytes, added, group, List.copyOf(tags));
    }

    static Instant instant(long seconds, int nanos, ByteReader in) throws DamagedException {
        if (nanos < 0 || nanos > 999_999_999 || seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
            throw in.damaged("holds an impossible time");
        }
        return Instant.ofEpochSecond(seconds, nanos);
    }
}
