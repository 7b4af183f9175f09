package cairn.tar;

import java.io.IOException;

/** Knows compressed archives by their first bytes, to say what to do about them. */
enum Signature {
    GZIP("gzip", 0x1F, 0x8B), ZSTD("zstd", 0x28, 0xB5, 0x2F, 0xFD), XZ("xz", 0xFD, '7', 'z', 'X', 'Z', 0), BZIP2("bzip2", 'B', 'Z', 'h'),
    LZ4("lz4", 0x04, 0x22, 0x4D, 0x18), LZIP("lzip", 'L', 'Z', 'I', 'P'), LZOP("lzop", 0x89, 'L', 'Z', 'O', 0), COMPRESS("uncompress", 0x1F, 0x9D);

    private final String program;
    private final int[] bytes;

    Signature(String program, int... bytes) {
        this.program = program;
        this.bytes = bytes;
    }

    private boolean fits(byte[] block, int length) {
        for (int i = 0; i < bytes.length; i++) {
            if (i >= length || (block[i] & 0xFF) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /** Refuses what is compressed; a header is never taken for it. */
    static void check(TarInput in) throws IOException {
        byte[] block = new byte[TarInput.BLOCK];
        int there = in.peek(block);
        if (there == TarInput.BLOCK && TarHeader.isValid(block)) {
            return;
        }
        for (Signature one : values()) {
            if (one.fits(block, there)) {
                throw in.noTar(" as it is: it is compressed by " + (one == COMPRESS ? "compress" : one.program),
                        "unpack it on the way: 'tar:COMMAND | " + one.program + " -d'");
            }
        }
    }
}
