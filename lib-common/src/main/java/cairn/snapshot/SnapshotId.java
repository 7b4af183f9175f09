package cairn.snapshot;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;

/** Names a snapshot for ever: 32 hexadecimal digits, as UrBackup's scripts know them. */
public record SnapshotId(String hex) {
    public SnapshotId {
        Objects.requireNonNull(hex);
        if (!isId(hex)) {
            throw new IllegalArgumentException("no id of a snapshot: " + hex);
        }
    }

    static SnapshotId random() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return new SnapshotId(HexFormat.of().formatHex(bytes));
    }

    public static boolean isId(String text) {
        return text.length() == 32 && isStart(text);
    }

    /** Whether an id may start with this. */
    public static boolean isStart(String text) {
        return !text.isEmpty() && text.length() <= 32 && text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }

    /** The first digits, for people. */
    public String brief() {
        return hex.substring(0, 8);
    }

    @Override
    public String toString() {
        return hex;
    }
}
