package cairn.transfer;

import cairn.format.Hash;
import cairn.key.KeyList;
import cairn.key.Role;
import cairn.repo.TestKeys;
import cairn.robust.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Alice, who may only add to a repository, and bob, who may do everything: machines of their own, and the list that names them. */
final class TwoLabs {
    static final int ALICE = 21;
    static final int BOB = 22;

    private TwoLabs() {
    }

    /** A machine that works with one of the keys. */
    static Lab lab(Path temp, String name, int key) throws IOException {
        return new Lab(Files.createDirectory(temp.resolve(name)), () -> TestKeys.full(true, key), 1);
    }

    static KeyList.Member member(String name, int key, Role role) {
        return new KeyList.Member(name, role, KeyList.Standing.ACTIVE, TestKeys.full(true, key).signer().publicKey(), null, 0, 0);
    }

    /** @param sharing whether the setting share-hashes is on, and clients trust each other */
    static KeyList list(boolean sharing) {
        return new KeyList(1, Hash.ZERO, 0, sharing, List.of(),
                List.of(member("owner", 7, Role.FULL), member("alice", ALICE, Role.WRITE), member("bob", BOB, Role.FULL)),
                new TreeMap<>(Map.of("share-hashes", sharing ? "yes" : "no")));
    }
}
