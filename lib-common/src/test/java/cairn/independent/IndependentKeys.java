package cairn.independent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an access key or a paper key gives: docs/format.md, "Keys". */
final class IndependentKeys {
    private static final String LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    boolean encrypted;
    long[] chunks;
    byte[] own;
    byte[] signingKey;
    byte[] verifyingKey;
    long listNumber;
    byte[] listHash;
    byte[] naming;
    byte[] sealTo;
    final Map<Long, byte[]> privateKeys = new HashMap<>();

    private IndependentKeys() {
    }

    /** @param password or null @param keyFile text of a key file, or null; neither where nothing is encrypted */
    static IndependentKeys open(Path repository, String name, byte[] password, byte[] keyFile) throws IOException {
        StoredRepositoryFile file = StoredRepositoryFile.read(repository.resolve("keys").resolve(name), 1);
        Cursor in = file.body();
        IndependentKeys keys = new IndependentKeys();
        byte[] fileSecret = null;
        if (keyFile != null) {
            Cursor content = new Cursor(typedLines(keyFile));
            Check.that(content.u8() == 1, "type of a key file");
            Check.same(file.repository(), content.take(16), "repository of the key file");
            Check.that(content.text().equals(name), "name in the key file");
            fileSecret = content.take(32);
            content.end();
        }
        Cursor secret = new Cursor(unlock(in, file.bytes(), 0, password, fileSecret));
        keys.secret(secret);
        secret.end();
        in.end();
        keys.list(repository);
        if (keys.encrypted) {
            keys.ring(repository, file.repository());
        }
        return keys;
    }

    /** A paper key alone: neither keys/ nor keyring/ nor keylist/ is read. */
    static IndependentKeys ofPaper(byte[] text, byte[] password) {
        byte[] content = typedLines(text);
        Cursor in = new Cursor(content);
        Check.that(in.u8() == 2, "type of a paper key");
        in.take(16);
        Cursor secret = new Cursor(unlock(in, content, 0, password, null));
        IndependentKeys keys = new IndependentKeys();
        keys.secret(secret);
        for (long left = secret.varint(); left > 0; left--) {
            keys.privateKeys.put(secret.varint(), secret.take(32));
        }
        secret.end();
        in.end();
        return keys;
    }

    /** Reads from the suite to the secret, and opens it. */
    private static byte[] unlock(Cursor in, byte[] all, int from, byte[] password, byte[] fileSecret) {
        Check.that(in.u8() == 1, "suite");
        Check.that(in.u8() == 1, "role full");
        int lock = in.u8();
        in.string();
        if (lock == 0) {
            return in.string();
        }
        byte[] salt = in.take(16);
        byte[] wrapping = lock == 1 ? Ciphers.argon2id(password, salt, (int) in.u32(), (int) in.u32(), in.u8())
                : Ciphers.hkdf(fileSecret, salt, "cairn key file v1", 32);
        byte[] associated = Arrays.copyOfRange(all, from, in.position());
        return Ciphers.open(wrapping, new byte[12], associated, in.string());
    }

    private void secret(Cursor in) {
        encrypted = in.u8() == 1;
        chunks = new long[] {in.varint(), in.varint(), in.varint()};
        own = in.take(32);
        signingKey = in.take(32);
        verifyingKey = in.take(32);
        listNumber = in.varint();
        listHash = in.take(32);
        naming = in.take(32);
        if (encrypted) {
            in.varint();
            sealTo = in.take(32);
        }
        byte[] seed = Ciphers.expand(own, Ciphers.ascii("cairn signing key v1"), 32);
        Check.same(Ciphers.ed25519Public(seed), signingKey, "signing key");
    }

    private final Map<Long, byte[]> publicKeys = new TreeMap<>();

    private void list(Path repository) throws IOException {
        byte[] previous = new byte[32];
        for (int number = 1; Files.exists(repository.resolve("keylist/" + number)); number++) {
            StoredRepositoryFile file = StoredRepositoryFile.read(repository.resolve("keylist/" + number), 3);
            Check.that(number != 1 || Arrays.equals(file.signer(), verifyingKey), "signer of the first list");
            Check.that(number != listNumber || Arrays.equals(file.hash(), listHash), "the known list");
            Cursor in = file.body();
            Check.that(in.u32() == number, "number of the list");
            Check.same(previous, in.take(32), "chain of lists");
            previous = file.hash();
            in.u64();
            in.u8();
            publicKeys.clear();
            for (long left = in.varint(); left > 0; left--) {
                publicKeys.put(in.varint(), in.take(32));
                in.u64();
            }
            for (long left = in.varint(); left > 0; left--) {
                in.string();
                int role = in.u8();
                in.u8();
                in.take(32);
                if (role == 1 && encrypted) {
                    in.take(32);
                }
                in.u64();
                in.u64();
            }
            for (long left = in.varint(); left > 0; left--) {
                in.string();
                in.string();
            }
            in.end();
        }
    }

    private void ring(Path repository, byte[] id) throws IOException {
        byte[] reading = Ciphers.expand(own, Ciphers.ascii("cairn reading key v1"), 32);
        byte[] recipient = Ciphers.x25519Public(reading);
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> listed = Files.newDirectoryStream(repository.resolve("keyring"), "[0-9]*")) {
            listed.forEach(files::add);
        }
        for (Path path : files) {
            Cursor in = StoredRepositoryFile.read(path, 2).body();
            Check.that(in.u32() == Integer.parseInt(path.getFileName().toString()), "number in the ring");
            for (long left = in.varint(); left > 0; left--) {
                long number = in.varint();
                boolean own = Arrays.equals(in.take(32), recipient);
                byte[] enc = in.take(32);
                byte[] sealed = in.take(48);
                if (own) {
                    byte[] associated = {(byte) number, (byte) (number >> 8), (byte) (number >> 16), (byte) (number >> 24)};
                    byte[] key = Ciphers.hpkeOpen(reading, enc, Ciphers.join(Ciphers.ascii("cairn keyring v1"), id), associated, sealed);
                    Check.same(publicKeys.get(number), Ciphers.x25519Public(key), "key pair " + number);
                    privateKeys.put(number, key);
                }
            }
            in.end();
        }
    }

    /** The content of a key file or paper key: "Lines for people". */
    static byte[] typedLines(byte[] text) {
        TreeMap<Integer, byte[]> lines = new TreeMap<>();
        for (String line : new String(text, StandardCharsets.US_ASCII).split("\n")) {
            String[] words = line.strip().split("\\s+");
            if (words.length != 8 || !words[0].matches("[0-9]+")) {
                continue;
            }
            byte[] bytes = new byte[18];
            String letters = line.strip().substring(words[0].length()).replaceAll("\\s", "");
            for (int bit = 0; bit < 140; bit++) {
                int value = LETTERS.indexOf(letters.charAt(bit / 5)) >> 4 - bit % 5 & 1;
                bytes[bit / 8] |= (byte) (value << 7 - bit % 8);
            }
            byte[] check = Ciphers.blake3(null, 32, new byte[] {Byte.parseByte(words[0])}, Arrays.copyOf(bytes, 15));
            Check.that(check[0] == bytes[15] && check[1] == bytes[16] && (check[2] & 0xF0) == (bytes[17] & 0xF0), "check of line " + words[0]);
            lines.put(Integer.parseInt(words[0]), Arrays.copyOf(bytes, 15));
        }
        byte[] payload = Ciphers.join(lines.values().toArray(byte[][]::new));
        Cursor in = new Cursor(payload);
        byte[] content = in.take(in.u16());
        Check.same(Arrays.copyOf(Ciphers.blake3(null, 32, content), 8), in.take(8), "check of the page");
        return content;
    }
}
