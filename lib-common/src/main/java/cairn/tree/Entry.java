package cairn.tree;

import cairn.format.BlobId;

/** One entry of a directory, with all that a restore brings back and nothing else. Names are raw bytes, without a slash. */
public sealed interface Entry {
    byte[] name();

    Attributes attributes();

    EntryType type();

    /** The same entry under another name and with other attributes. */
    default Entry as(byte[] newName, Attributes newAttributes) {
        return switch (this) {
            case File f -> new File(newName, newAttributes, f.size, f.content);
            case Directory d -> new Directory(newName, newAttributes, d.tree);
            case Symlink l -> new Symlink(newName, newAttributes, l.target);
            case Special s -> new Special(newName, newAttributes, s.type, s.major, s.minor);
        };
    }

    /** @param size bytes, holes included */
    record File(byte[] name, Attributes attributes, long size, Content content) implements Entry {
        @Override
        public EntryType type() {
            return EntryType.FILE;
        }
    }

    /** @param tree the root piece of the directory's entries */
    record Directory(byte[] name, Attributes attributes, BlobId tree) implements Entry {
        @Override
        public EntryType type() {
            return EntryType.DIRECTORY;
        }
    }

    record Symlink(byte[] name, Attributes attributes, byte[] target) implements Entry {
        @Override
        public EntryType type() {
            return EntryType.SYMLINK;
        }
    }

    /** A device, FIFO or socket. @param major @param minor 0 unless it is a device */
    record Special(byte[] name, Attributes attributes, EntryType type, int major, int minor) implements Entry {
    }
}
