package cairn.snapshot;

/**
 * How to make a snapshot.
 *
 * @param choice the method
 * @param size   room for what changes while it exists, for LVM: bytes as {@code 1073741824b}, or {@code 50%FREE}; null for the default
 * @param name   what a script is told as name of the folder; null for the path's last part
 * @param client what a script is told as virtual client, and whose lines of the configuration count; null for none
 * @param config the configuration of the scripts, raw; null for the usual ones
 */
public record SnapshotRequest(MethodChoice choice, String size, byte[] name, byte[] client, byte[] config) {
    public static SnapshotRequest of(MethodChoice choice) {
        return new SnapshotRequest(choice, null, null, null, null);
    }
}
