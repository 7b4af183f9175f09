package cairn.tree;

import cairn.format.BlobId;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.DamagedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The references of a piece to other blobs. They stand in clear beside the sealed payload, each once, in the order in
 * which the payload first names them; the payload names the next new one by 0 and an earlier one by its number,
 * counted from 1. So a reader without a key can walk the graph, and a payload spends one byte on most references.
 */
final class References {
    private References() {
    }

    static final class Writer {
        private final List<BlobId> ids = new ArrayList<>();
        private final Map<BlobId, Integer> numbers = new HashMap<>();

        void put(ByteWriter out, BlobId id) {
            Integer known = numbers.putIfAbsent(id, ids.size() + 1);
            if (known == null) {
                ids.add(id);
                out.varint(0);
            } else {
                out.varint(known);
            }
        }

        List<BlobId> ids() {
            return ids;
        }

        void clear() {
            ids.clear();
            numbers.clear();
        }
    }

    static final class Reader {
        private final List<BlobId> ids;
        private int next;

        Reader(List<BlobId> ids) {
            this.ids = ids;
        }

        BlobId get(ByteReader in) throws DamagedException {
            int number = in.varint(ids.size());
            if (number > 0) {
                return ids.get(number - 1);
            }
            if (next == ids.size()) {
                throw in.damaged("names more references than it has");
            }
            return ids.get(next++);
        }
    }
}
