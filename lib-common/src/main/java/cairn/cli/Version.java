package cairn.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** What was built, from the properties that packaging puts into the jar. */
public final class Version {
    private static final String RESOURCE = "/cairn/build.properties";
    private static final Properties BUILD = load();

    private Version() {}

    /** {@code 0.1.0}, or {@code development} when it runs outside of a package. */
    public static String number() {
        return value("version", "development");
    }

    /** The commit it was built from, or {@code unknown}. */
    public static String commit() {
        return value("commit", "unknown");
    }

    private static String value(String key, String otherwise) {
        String value = BUILD.getProperty(key, "");
        return value.isEmpty() ? otherwise : value;
    }

    private static Properties load() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
            if (in != null) properties.load(in);
        } catch (IOException e) {
            throw new IllegalStateException("the program's jar cannot be read", e);
        }
        return properties;
    }

    record Info(boolean verbose) implements Event {
        static final String PLATFORMS = "Linux, 64 bit, amd64 and aarch64";

        @Override
        public String type() {
            return "version";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("version", number()).field("commit", commit()).field("jdk", jdk()).field("kernel", kernel())
                    .field("architecture", System.getProperty("os.arch"));
        }

        @Override
        public void text(Line line) throws IOException {
            line.text("cairn ").text(number()).end();
            if (!verbose) return;
            line.text("commit     ").text(commit()).end();
            line.text("jdk        ").text(jdk()).end();
            line.text("kernel     ").text(kernel()).end();
            line.text("platform   ").text(System.getProperty("os.arch")).end();
            line.text("runs on    ").text(PLATFORMS).end();
        }

        private static String jdk() {
            return Runtime.version() + " (" + System.getProperty("java.vendor") + ")";
        }

        private static String kernel() {
            return System.getProperty("os.name") + " " + System.getProperty("os.version");
        }
    }
}
