package cairn.cli;

import java.io.IOException;

/** What the standard streams are connected to, and a person to ask. */
public interface Terminal {
    /** No terminal, and nobody to ask. */
    Terminal NONE = new Terminal() {
        @Override
        public boolean stdin() {
            return false;
        }

        @Override
        public boolean stdout() {
            return false;
        }

        @Override
        public boolean stderr() {
            return false;
        }

        @Override
        public int columns() {
            return 80;
        }

        @Override
        public byte[] askSecret(String prompt) {
            return null;
        }
    };

    boolean stdin();

    boolean stdout();

    boolean stderr();

    /** The width of a line, at least 20. */
    int columns();

    /**
     * Asks on the controlling terminal, wherever the standard streams go, without showing what is typed.
     *
     * @return the line as typed, or null if there is no terminal or it was closed instead of answered
     */
    byte[] askSecret(String prompt) throws IOException;
}
