package cairn.walk;

import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.Stat;

/**
 * Where a directory of a walk really is, if a mapping or the lack of it has a say.
 *
 * @param kind how it is opened
 * @param mapping that it lies under, or null
 * @param mappedDev the device of the folder that the mapping names
 * @param node of the mappings at this place, or null
 */
record Place(Kind kind, Mappings.Mapping mapping, long mappedDev, Mappings.Node node) {
    private static final byte[] DOT = {'.'};

    /** How a directory is opened from the one that it lies in. */
    enum Kind {
        /** By its name. */
        NAMED,
        /** It is the folder of a mapping. */
        MAPPED,
        /** It does not exist, but something is found below it: the one that it would lie in stands for it. */
        MADE_UP
    }

    /** The place of the root. */
    static Place root(Mappings mappings) throws PosixException {
        return mapped(mappings.root(), new Place(Kind.NAMED, null, 0, null));
    }

    /** The place of something below this one, that is there by its name or by a mapping. */
    Place of(byte[] name) throws PosixException {
        Mappings.Node below = node == null ? null : node.child(name);
        return below == null && kind == Kind.NAMED && node == null ? this : mapped(below, new Place(Kind.NAMED, mapping, mappedDev, below));
    }

    private static Place mapped(Mappings.Node node, Place otherwise) throws PosixException {
        if (node == null || node.mapping == null) {
            return new Place(otherwise.kind, otherwise.mapping, otherwise.mappedDev, node);
        }
        Stat stat = new Stat();
        node.mapping.stat(stat);
        return new Place(Kind.MAPPED, node.mapping, stat.dev(), node);
    }

    /** The same place, for a directory that has to be made up. */
    Place madeUp() {
        return new Place(Kind.MADE_UP, mapping, mappedDev, node);
    }

    /** Whether the way must be gone even if there is no such directory. */
    boolean leads() {
        return node != null && node.leads();
    }

    /** Whether what is here by its name is found elsewhere. */
    boolean isElsewhere() {
        return kind == Kind.NAMED && mapping == null && node != null && node.elsewhere;
    }

    /** Asks what is here. */
    void stat(Directory in, byte[] name, Stat into) throws PosixException {
        switch (kind) {
            case NAMED -> into.at(in.fd, name);
            case MAPPED -> mapping.stat(into);
            case MADE_UP -> into.set(in.stat());
        }
    }

    /** Opens the directory with these flags, never through a symlink. {@code above}: the one that it lies in */
    int open(int above, byte[] name, int flags) throws PosixException {
        return switch (kind) {
            case NAMED -> Open.openat(above, name, flags | Open.O_NOFOLLOW, 0);
            case MAPPED -> mapping.open(flags);
            case MADE_UP -> Open.openat(above, DOT, flags, 0);
        };
    }

    /** Opens the directory to list it. */
    int openForReading(int above, byte[] name) throws PosixException {
        return kind == Kind.NAMED ? Open.forReading(above, name, Open.O_DIRECTORY)
                : open(above, name, Open.O_RDONLY | Open.O_DIRECTORY | Open.O_NONBLOCK);
    }
}
