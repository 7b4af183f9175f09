package cairn.restore;

import cairn.posix.Attrs;
import cairn.posix.Inodes;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.Stat;
import cairn.posix.Xattrs;

/** Something that attributes can be set on: an open file, or a name in an open directory (never followed). */
sealed interface Place {
    void owner(int uid, int gid) throws PosixException;

    void mode(int mode) throws PosixException;

    void time(long seconds, int nanos) throws PosixException;

    Stat stat() throws PosixException;

    byte[][] xattrs() throws PosixException;

    byte[] xattr(byte[] name) throws PosixException;

    void setXattr(byte[] name, byte[] value) throws PosixException;

    void removeXattr(byte[] name) throws PosixException;

    int flags() throws PosixException;

    void setFlags(int flags) throws PosixException;

    int project() throws PosixException;

    void setProject(int project) throws PosixException;

    /** A regular file or directory. */
    record Opened(int fd) implements Place {
        @Override
        public void owner(int uid, int gid) throws PosixException {
            Attrs.chown(fd, uid, gid);
        }

        @Override
        public void mode(int mode) throws PosixException {
            Attrs.chmod(fd, mode);
        }

        @Override
        public void time(long seconds, int nanos) throws PosixException {
            Attrs.mtime(fd, seconds, nanos);
        }

        @Override
        public Stat stat() throws PosixException {
            return new Stat().of(fd);
        }

        @Override
        public byte[][] xattrs() throws PosixException {
            return Xattrs.list(fd);
        }

        @Override
        public byte[] xattr(byte[] name) throws PosixException {
            return Xattrs.get(fd, name);
        }

        @Override
        public void setXattr(byte[] name, byte[] value) throws PosixException {
            Xattrs.set(fd, name, value, 0);
        }

        @Override
        public void removeXattr(byte[] name) throws PosixException {
            Xattrs.remove(fd, name);
        }

        @Override
        public int flags() throws PosixException {
            return Inodes.flags(fd);
        }

        @Override
        public void setFlags(int flags) throws PosixException {
            Inodes.setFlags(fd, flags);
        }

        @Override
        public int project() throws PosixException {
            return Inodes.project(fd);
        }

        @Override
        public void setProject(int project) throws PosixException {
            Inodes.setProject(fd, project);
        }
    }

    /** A symlink, device, fifo or socket, which must not be opened. Has neither inode flags nor project. */
    record Named(int dirfd, byte[] name) implements Place {
        @Override
        public void owner(int uid, int gid) throws PosixException {
            Attrs.chownat(dirfd, name, uid, gid);
        }

        @Override
        public void mode(int mode) throws PosixException {
            int fd = Open.openat(dirfd, name, Open.O_PATH | Open.O_NOFOLLOW, 0);
            try {
                Attrs.chmodPathFd(fd, mode);
            } finally {
                Open.close(fd);
            }
        }

        @Override
        public void time(long seconds, int nanos) throws PosixException {
            Attrs.mtimeat(dirfd, name, seconds, nanos);
        }

        @Override
        public Stat stat() throws PosixException {
            return new Stat().at(dirfd, name);
        }

        @Override
        public byte[][] xattrs() throws PosixException {
            return Xattrs.listAt(dirfd, name);
        }

        @Override
        public byte[] xattr(byte[] attribute) throws PosixException {
            return Xattrs.getAt(dirfd, name, attribute);
        }

        @Override
        public void setXattr(byte[] attribute, byte[] value) throws PosixException {
            Xattrs.setAt(dirfd, name, attribute, value, 0);
        }

        @Override
        public void removeXattr(byte[] attribute) throws PosixException {
            Xattrs.removeAt(dirfd, name, attribute);
        }

        @Override
        public int flags() {
            return 0;
        }

        @Override
        public void setFlags(int flags) {
        }

        @Override
        public int project() {
            return 0;
        }

        @Override
        public void setProject(int project) {
        }
    }
}
