package cairn.remote;

import cairn.format.BlobId;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;
import cairn.format.Signer;
import cairn.index.IndexedPack;
import cairn.index.Location;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where blobs are, as an answer tells it.
 *
 * <pre>
 * PLACES = for each id that was asked for, in its order: count u8, count places
 * place  = pack hash 32, pack kind u8, pack size varint, signer of the pack 32, signer of the index file 32,
 *          offset varint, stored varint, plain varint
 * </pre>
 *
 * The ids of one answer may be spread over several frames, none of them cut.
 */
public final class Places {
    /** Copies of one blob that are told. */
    public static final int MOST_COPIES = 8;

    private Places() {
    }

    /**
     * A copy of a blob.
     *
     * @param indexSigner who signed the index file that says so; zeros for nobody
     */
    public record Place(Location location, byte[] indexSigner) {
    }

    record Asked(List<BlobId> ids) {
    }

    static Asked asked(ByteReader in) throws DamagedException {
        int count = in.varint(Message.MOST_IDS);
        List<BlobId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(in.id());
        }
        in.end();
        return new Asked(ids);
    }

    interface Frames {
        void send(byte[] payload) throws IOException;
    }

    static void answer(Asked asked, Questions questions, Frames frames) throws IOException {
        ByteWriter out = new ByteWriter(4096);
        for (BlobId id : asked.ids()) {
            List<Place> places = questions.find(id);
            int count = Math.min(MOST_COPIES, places.size());
            out.u8(count);
            for (Place place : places.subList(0, count)) {
                write(out, place);
            }
            if (out.size() > 100_000) {
                frames.send(out.toBytes());
                out.clear();
            }
        }
        if (out.size() > 0) {
            frames.send(out.toBytes());
        }
    }

    private static void write(ByteWriter out, Place place) {
        IndexedPack pack = place.location().pack();
        out.hash(pack.hash()).u8(pack.kind()).varint(pack.size()).bytes(pack.signer()).bytes(place.indexSigner())
                .varint(place.location().offset()).varint(place.location().stored()).varint(place.location().plain());
    }

    static Place read(ByteReader in) throws DamagedException {
        IndexedPack pack = new IndexedPack(in.hash(), in.u8(), in.length(), in.bytes(Signer.PUBLIC_KEY_BYTES));
        byte[] indexSigner = in.bytes(Signer.PUBLIC_KEY_BYTES);
        int most = Integer.MAX_VALUE;
        return new Place(new Location(pack, in.varint(most), in.varint(most), in.varint(most)), indexSigner);
    }
}
