package cairn.restore;

/** Chooses entries by their paths in the backup: absolute, raw, without a slash at the end. */
public interface PathFilter {
    PathFilter ALL = new PathFilter() {
        @Override
        public boolean selects(byte[] path, boolean directory) {
            return true;
        }

        @Override
        public boolean enters(byte[] directory) {
            return true;
        }
    };

    /** Whether the entry itself is wanted. */
    boolean selects(byte[] path, boolean directory);

    /** Whether a directory may hold anything that is wanted; never wrongly false. */
    boolean enters(byte[] directory);
}
