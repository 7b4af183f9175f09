package cairn.independent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/** A file of a repository, checked without a key as docs/format.md says under "Every file". */
record StoredRepositoryFile(byte[] bytes, int kind, byte[] repository, byte[] hash, byte[] signer) {
    static final String[] FOLDERS = {"", "keys", "keyring", "keylist", "packs", "index", "backups", "sessions", "marks"};

    static StoredRepositoryFile read(Path path, int kind) throws IOException {
        StoredRepositoryFile file = of(Files.readAllBytes(path), kind);
        if (kind == 4 || kind == 5 || kind == 6 || kind == 8) {
            Check.that(path.getFileName().toString().equals(HexFormat.of().formatHex(file.hash)), path + " is misnamed");
        }
        return file;
    }

    static StoredRepositoryFile of(byte[] bytes, int kind) {
        Cursor in = new Cursor(bytes);
        Check.same(HexFormat.of().parseHex("89434149524e0d0a"), in.take(8), "magic");
        Check.that(in.u8() == kind, "kind");
        Check.that(in.u8() == 1, "version");
        int flags = in.u16();
        Check.that(flags == (kind == 1 ? 0 : 1), "flags");
        byte[] repository = in.take(16);
        Check.that(in.u32() == 0, "zero");
        int footer = bytes.length - (flags == 1 ? 128 : 32);
        byte[] hash = Arrays.copyOfRange(bytes, footer, footer + 32);
        Check.same(Ciphers.blake3(null, 32, Arrays.copyOf(bytes, footer)), hash, "hash");
        byte[] signer = null;
        if (flags == 1) {
            signer = Arrays.copyOfRange(bytes, footer + 32, footer + 64);
            byte[] message = Ciphers.join(Ciphers.ascii("cairn signature v1"), new byte[] {0, (byte) kind}, repository, hash);
            Check.that(Ciphers.signed(signer, message, Arrays.copyOfRange(bytes, footer + 64, footer + 128)), "signature");
        }
        return new StoredRepositoryFile(bytes, kind, repository, hash, signer);
    }

    int bodyEnd() {
        return bytes.length - (signer == null ? 32 : 128);
    }

    Cursor body() {
        return new Cursor(bytes, 32, bodyEnd());
    }
}
