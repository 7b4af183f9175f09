package cairn.walk;

import cairn.posix.Stat;

/** Which file: device and inode, as {@link Stat#dev()} and {@link Stat#ino()} give them. */
public record FileId(long dev, long ino) {
    public static FileId of(Stat stat) {
        return new FileId(stat.dev(), stat.ino());
    }
}
