package cairn.repo;

import cairn.chunk.ChunkParams;
import cairn.crypto.X25519;
import cairn.format.RepositoryId;
import cairn.format.Signer;
import java.util.Arrays;
import java.util.Map;

/** Keys for tests that do not need an access key file. */
public final class TestKeys {
    private TestKeys() {
    }

    public static RepositoryKeys full(boolean encrypted) {
        return full(encrypted, 7);
    }

    /** Another full key of the same repository, which trusts only itself. */
    public static RepositoryKeys full(boolean encrypted, int number) {
        return full(encrypted, number, false);
    }

    /** Another full key of the same repository, which trusts all writers. */
    public static RepositoryKeys trusting(int number) {
        return full(true, number, true);
    }

    private static RepositoryKeys full(boolean encrypted, int number, boolean trustsAll) {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) number);
        Signer signer = Signer.ofSeed(seed);
        byte[] signing = signer.publicKey();
        byte[] privateKey = new byte[32];
        Arrays.fill(privateKey, (byte) 9);
        byte[] naming = new byte[32];
        Arrays.fill(naming, (byte) 5);
        Trust trust = new Trust() {
            @Override
            public boolean forContent(byte[] by) {
                return trustsAll || Arrays.equals(by, signing);
            }

            @Override
            public boolean forMarks(byte[] by) {
                return Arrays.equals(by, signing);
            }

            @Override
            public boolean forRecords(byte[] by) {
                return true;
            }

            @Override
            public boolean forReceipts(byte[] by) {
                return true;
            }

            @Override
            public boolean forTimes(byte[] by) {
                return true;
            }
        };
        return new RepositoryKeys(new RepositoryId(1, 2), encrypted, naming, ChunkParams.ofAverage(256 << 10), 0,
                encrypted ? X25519.publicKey(privateKey) : null, encrypted ? Map.of(0, privateKey) : Map.of(), signer, trust);
    }
}
