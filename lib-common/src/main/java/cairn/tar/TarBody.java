package cairn.tar;

import java.io.IOException;

/** The content of one member: what is left of it in the archive, and how it lies in the file. */
final class TarBody {
    private final TarInput in;
    private final long end;
    private final long padding;
    private final SparseMap map;
    private final long size;

    private TarBody(TarInput in, long left, long archived, SparseMap map, long size) {
        this.in = in;
        this.end = in.position() + left;
        this.padding = archived;
        this.map = map;
        this.size = size;
    }

    /**
     * Takes the map of a sparse file, if it is one.
     *
     * @param archived bytes of the archive that belong to it
     */
    static TarBody of(TarHeader header, PaxHeader pax, long archived, boolean file, TarInput in) throws IOException {
        SparseMap map = null;
        long size = archived;
        long left = archived;
        byte[] major = pax.get("GNU.sparse.major");
        if (!file) {
            size = archived;
        } else if (header.type() == 'S') {
            size = pax.number("SCHILY.realsize", SparseMaps.realSizeOfOld(header), in);
            map = SparseMaps.old(header, in);
        } else if (major != null && !(major.length == 1 && major[0] == '0')) {
            if (major.length != 1 || major[0] != '1' || pax.number("GNU.sparse.minor", 0, in) != 0) {
                throw in.wrong("has a sparse file of an unknown format");
            }
            size = pax.number("GNU.sparse.realsize", -1, in);
            long before = in.position();
            map = SparseMaps.leading(in, archived);
            left -= in.position() - before;
        } else if (pax.has("GNU.sparse.map")) {
            size = pax.number("GNU.sparse.size", -1, in);
            map = SparseMaps.listed(pax.get("GNU.sparse.map"), in);
        } else if (pax.has("GNU.sparse.size")) {
            size = pax.number("GNU.sparse.size", -1, in);
            map = pax.oldMap() != null ? pax.oldMap() : new SparseMap(in);
        }
        if (map != null && (map.data() != left || map.end() > size || size > TarReader.LARGEST)) {
            throw in.wrong("has a sparse file whose map is damaged");
        }
        return new TarBody(in, left, archived, map, size);
    }

    /** Bytes of the file, holes included. */
    long size() {
        return size;
    }

    void give(TarReader.Sink sink) throws IOException {
        if (map == null) {
            data(sink, size);
            return;
        }
        map.each((hole, length) -> {
            if (hole > 0) {
                sink.hole(hole);
            }
            data(sink, length);
        });
        if (size > map.end()) {
            sink.hole(size - map.end());
        }
    }

    private void data(TarReader.Sink sink, long length) throws IOException {
        if (length > 0 && sink.data(in, length) < length) {
            throw in.truncated();
        }
    }

    /** Passes over what was not read, and what fills up the last block. */
    void pass() throws IOException {
        in.pass(end - in.position());
        in.pad(padding);
    }
}
