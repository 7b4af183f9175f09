package cairn.independent;

import java.util.Arrays;

/** What must hold in every repository. */
final class Check {
    private Check() {
    }

    static void that(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    static void same(byte[] expected, byte[] found, String what) {
        that(Arrays.equals(expected, found), what);
    }
}
