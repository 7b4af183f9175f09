package cairn.restore;

/** Gives the local ids for those of a backup, unsigned 32-bit numbers. */
public interface Owners {
    Owners NUMERIC = new Owners() {
        @Override
        public long uid(long stored) {
            return stored;
        }

        @Override
        public long gid(long stored) {
            return stored;
        }
    };

    long uid(long stored);

    long gid(long stored);
}
