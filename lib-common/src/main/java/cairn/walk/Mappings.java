package cairn.walk;

import cairn.posix.Errno;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.Stat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which folders stand for others: a walk finds what lies under the real folder {@code from} (a snapshot) at the place
 * {@code to} (what the snapshot is of), and nowhere else. The folders on the way to {@code to} are those of the live
 * system; one that does not exist there has the attributes of the one that it would lie in.
 *
 * <p>A snapshot lies on another device than its origin, and on a new one each time. So that a later backup finds again
 * what did not change, what lies on the snapshot's device is told to lie on the device that {@code to} lies on now.
 */
public final class Mappings {
    /** Nothing stands for anything else. */
    public static final Mappings NONE = new Mappings();

    /**
     * A folder that stands for another.
     *
     * @param from its real place
     * @param to where it is found instead, none of it a symlink as far as it exists
     * @param recordedDev the device that is told instead of its own; 0 if {@code to} does not exist
     * @param taken a moment before the snapshot was taken, or null if it is not known
     */
    record Mapping(List<byte[]> from, List<byte[]> to, long recordedDev, Instant taken) {
        /** Opens the folder by its real path, through no symlink. */
        int open(int flags) throws PosixException {
            int last = from.size() - 1;
            int fd = Open.openat(Open.AT_FDCWD, RawPath.ROOT, Open.O_DIRECTORY | (last < 0 ? flags : Open.O_PATH), 0);
            for (int i = 0; i <= last; i++) {
                int above = fd;
                try {
                    fd = i == last ? Open.openat(above, from.get(i), flags | Open.O_NOFOLLOW | Open.O_DIRECTORY, 0)
                            : Open.openat(above, from.get(i), Open.O_PATH | Open.O_NOFOLLOW | Open.O_DIRECTORY, 0);
                } finally {
                    Open.close(above);
                }
            }
            return fd;
        }

        void stat(Stat into) throws PosixException {
            int fd = open(Open.O_PATH);
            try {
                into.of(fd);
            } finally {
                Open.close(fd);
            }
        }
    }

    /** A place at which or below which something is mapped. */
    static final class Node {
        private final NavigableMap<RawPath.Key, Node> children = new TreeMap<>();
        /** What is found here, or null. */
        Mapping mapping;
        /** What is here is found elsewhere. */
        boolean elsewhere;

        Node child(byte[] name) {
            return children.get(new RawPath.Key(name));
        }

        Iterable<RawPath.Key> names() {
            return children.keySet();
        }

        /** Whether something is mapped to here or below, so that the way must be gone even if it does not exist. */
        boolean leads() {
            return mapping != null || children.values().stream().anyMatch(Node::leads);
        }

        private Node make(List<byte[]> names) {
            Node node = this;
            for (byte[] name : names) {
                node = node.children.computeIfAbsent(new RawPath.Key(name), key -> new Node());
            }
            return node;
        }
    }

    private final List<Mapping> all = new ArrayList<>();
    private final Node root = new Node();

    /**
     * Adds a folder that stands for another.
     *
     * @param from an existing folder, relative to the working directory if it does not begin with a slash; symlinks are followed
     * @param to absolute; need not exist
     * @param taken a moment before the snapshot was taken, or null if it is not known
     * @throws PosixException if {@code from} is no folder that can be reached
     */
    public void add(byte[] from, byte[] to, Instant taken) throws PosixException {
        RealPath real = RealPath.resolve(RawPath.absolute(from), true);
        if (!real.stat().isDirectory()) {
            throw new PosixException("map", from, Errno.ENOTDIR);
        }
        Stat target = new Stat();
        List<byte[]> place = place(to, target);
        if (isWithin(place, real.names()) && place.size() == real.names().size()) {
            return; // what stands for itself needs no rule
        }
        Mapping mapping = new Mapping(real.names(), place, target.dev(), taken);
        all.add(mapping);
        root.make(mapping.to).mapping = mapping;
        root.make(mapping.from).elsewhere = true;
    }

    /** Where a path really leads, as far as it exists; what is missing is taken by its text. */
    private static List<byte[]> place(byte[] to, Stat found) throws PosixException {
        byte[][] parts = RawPath.split(RawPath.normaliseLexically(to));
        for (int known = parts.length;; known--) {
            try {
                RealPath real = RealPath.resolve(RawPath.build(true, Arrays.copyOf(parts, known)), true);
                List<byte[]> names = new ArrayList<>(real.names());
                names.addAll(List.of(parts).subList(known, parts.length));
                if (known == parts.length) {
                    found.set(real.stat());
                }
                return names;
            } catch (PosixException e) {
                if (known == 0 || !e.isNotFound()) {
                    throw e;
                }
            }
        }
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    Node root() {
        return root;
    }

    /** Where what really lies at {@code names} is found: the innermost mapping counts. */
    List<byte[]> found(List<byte[]> names) {
        Mapping best = null;
        for (Mapping mapping : all) {
            if (isWithin(names, mapping.from) && (best == null || mapping.from.size() > best.from.size())) {
                best = mapping;
            }
        }
        if (best == null) {
            return names;
        }
        List<byte[]> found = new ArrayList<>(best.to);
        found.addAll(names.subList(best.from.size(), names.size()));
        return found;
    }

    /** The places of those folders that really lie below {@code names}: who asks for that asks for them. */
    List<List<byte[]>> foundBelow(List<byte[]> names) {
        List<List<byte[]>> places = new ArrayList<>();
        for (Mapping mapping : all) {
            if (mapping.from.size() > names.size() && isWithin(mapping.from, names)) {
                places.add(mapping.to);
            }
        }
        return places;
    }

    private static boolean isWithin(List<byte[]> names, List<byte[]> above) {
        if (names.size() < above.size()) {
            return false;
        }
        for (int i = 0; i < above.size(); i++) {
            if (!Arrays.equals(names.get(i), above.get(i))) {
                return false;
            }
        }
        return true;
    }
}
