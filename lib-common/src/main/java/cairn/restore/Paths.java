package cairn.restore;

import cairn.posix.RawPath;
import java.util.List;

/** Paths made of names for messages. */
final class Paths {
    private Paths() {
    }

    /** The first part may be a path itself; it is the target. */
    static byte[] join(List<byte[]> parts) {
        byte[] path = parts.getFirst();
        for (int i = 1; i < parts.size(); i++) {
            path = RawPath.join(path, parts.get(i));
        }
        return path;
    }
}
