package cairn.walk.pattern;

/** An immutable set of byte values. */
final class ByteSet {
    private final long[] bits;

    private ByteSet(long[] bits) {
        this.bits = bits;
    }

    static ByteSet of(byte b) {
        long[] bits = new long[4];
        bits[(b & 0xff) >>> 6] = 1L << b;
        return new ByteSet(bits);
    }

    static ByteSet allBut(int b) {
        long[] bits = {-1L, -1L, -1L, -1L};
        bits[b >>> 6] &= ~(1L << b);
        return new ByteSet(bits);
    }

    boolean contains(int b) {
        return (bits[b >>> 6] >>> b & 1) != 0;
    }

    /** The only member, or -1 if there are none or several. */
    int single() {
        int found = -1;
        for (int word = 0; word < 4; word++) {
            if (bits[word] == 0) {
                continue;
            }
            if (found >= 0 || Long.bitCount(bits[word]) > 1) {
                return -1;
            }
            found = word * 64 + Long.numberOfTrailingZeros(bits[word]);
        }
        return found;
    }

    /** Collects the members of a bracket expression. */
    static final class Builder {
        private final long[] bits = new long[4];

        void add(int b) {
            bits[b >>> 6] |= 1L << b;
        }

        void addRange(int low, int high) {
            for (int b = low; b <= high; b++) {
                add(b);
            }
        }

        /** Adds a POSIX class in the C locale; false if there is none of that name. */
        boolean addClass(String name) {
            switch (name) {
                case "alnum" -> {
                    addLetters();
                    addRange('0', '9');
                }
                case "alpha" -> addLetters();
                case "blank" -> {
                    add(' ');
                    add('\t');
                }
                case "cntrl" -> {
                    addRange(0, 31);
                    add(127);
                }
                case "digit" -> addRange('0', '9');
                case "graph" -> addRange('!', '~');
                case "lower" -> addRange('a', 'z');
                case "print" -> addRange(' ', '~');
                case "punct" -> {
                    addRange('!', '/');
                    addRange(':', '@');
                    addRange('[', '`');
                    addRange('{', '~');
                }
                case "space" -> {
                    addRange('\t', '\r');
                    add(' ');
                }
                case "upper" -> addRange('A', 'Z');
                case "xdigit" -> {
                    addRange('0', '9');
                    addRange('A', 'F');
                    addRange('a', 'f');
                }
                default -> {
                    return false;
                }
            }
            return true;
        }

        private void addLetters() {
            addRange('a', 'z');
            addRange('A', 'Z');
        }

        /** No bracket expression ever takes a slash, whether it is named or follows from the negation. */
        ByteSet build(boolean negated) {
            long[] result = bits.clone();
            if (negated) {
                for (int i = 0; i < 4; i++) {
                    result[i] = ~result[i];
                }
            }
            result['/' >>> 6] &= ~(1L << '/');
            return new ByteSet(result);
        }
    }
}
