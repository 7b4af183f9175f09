package cairn.tree;

import cairn.format.BlobId;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;
import java.util.ArrayList;
import java.util.List;

/**
 * An entry and its stat outside of any piece, for lists that are kept on disk during a run: ids as a varint count and 32 bytes
 * each, then entry and stat as in pieces. No format of the repository.
 */
public record LooseEntry(Entry entry, ScanStat stat) {

    public void put(ByteWriter out) {
        References.Writer refs = new References.Writer();
        ByteWriter body = new ByteWriter(256);
        EntryCodec.put(body, refs, entry);
        StatCodec.put(body, refs, stat, null);
        out.varint(refs.ids().size());
        refs.ids().forEach(out::id);
        out.bytes(body.array(), 0, body.size());
    }

    public static LooseEntry get(ByteReader in) throws DamagedException {
        int count = in.varint(in.remaining() / BlobId.BYTES);
        List<BlobId> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ids.add(in.id());
        }
        References.Reader refs = new References.Reader(ids);
        Entry entry = EntryCodec.get(in, refs);
        return new LooseEntry(entry, StatCodec.get(in, refs, null));
    }
}
