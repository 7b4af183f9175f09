package cairn.cmd.backup;

import cairn.cli.CommandContext;
import cairn.cli.HelpSection;
import cairn.cli.SizeConverter;
import cairn.cli.Text;
import cairn.cli.UsageException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.producer.Command;
import cairn.producer.Expectation;
import cairn.producer.StreamSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Option;

/** Streams instead of files: from a command, from several, or from standard input. */
final class StreamOptions implements HelpSection {
    /** Stands before a command whose output is to be unpacked. */
    private static final String TAR = "tar:";

    @Option(names = "--as", paramLabel = "NAME",
            description = "save what the command after -- writes, or standard input, under this name; the backup gets it too unless --name is given."
            + " If the command fails, there is no backup")
    private String as;

    @Option(names = "--stdin", description = "with --as: save standard input. Nobody can see whether what writes it failed: see --expect-end, --min-size")
    private boolean stdin;

    @Option(names = "--tar", description = "with --as: what comes is a tar archive: save its members below NAME")
    private boolean tar;

    @Option(names = "--stream", paramLabel = "NAME=COMMAND", description = "save what a command line of sh writes; repeatable: all of them are one backup."
            + " NAME=tar:COMMAND unpacks the tar archive that it writes: its members are saved below NAME")
    private List<String> streams = new ArrayList<>();

    @Option(names = "--expect-end", paramLabel = "REGEX", description = "make no backup unless this is found in the last 4096 bytes of each stream")
    private String expectEnd;

    @Option(names = "--min-size", paramLabel = "SIZE", converter = SizeConverter.class, description = "make no backup if a stream is shorter than this")
    private Long minSize;

    @Override
    public String heading() {
        return "streams instead of files";
    }

    /** Whether streams are to be saved and not files. @throws UsageException if the options do not go together */
    boolean wanted(CommandContext context, SourceOptions files) throws UsageException {
        List<String> words = context.afterDoubleDash();
        if (tar && as == null) {
            throw new UsageException("--tar goes with --as; with --stream it is NAME=tar:COMMAND");
        }
        if (as == null && !stdin && streams.isEmpty()) {
            if (expectEnd != null || minSize != null) {
                throw new UsageException("--expect-end and --min-size are for streams: give --as or --stream");
            }
            return false;
        }
        if (as == null && streams.isEmpty()) {
            throw new UsageException("--stdin wants a name for what comes in: --as NAME");
        }
        if (files.count() > (as == null || words == null ? 0 : words.size())) {
            throw new UsageException("files and streams do not go into one backup: make one of each");
        }
        if (as != null) {
            boolean command = words != null && !words.isEmpty();
            if (command == stdin) {
                throw new UsageException(stdin ? "--stdin and a command after -- do not go together"
                        : "--as wants a command after --, or --stdin: cairn backup --as " + Text.oneLine(as) + " -- COMMAND");
            }
        }
        return true;
    }

    /** Whether standard input is one of the streams. */
    boolean fromStdin() {
        return stdin;
    }

    /** The name that the backup gets if it is given no other: that of its only stream, else none. */
    String name() {
        String name = as != null ? as : streams.size() == 1 ? streams.getFirst().substring(0, Math.max(0, streams.getFirst().indexOf('='))) : "";
        return RawString.printable(RawString.encode(name));
    }

    /** Whether what {@code --as} names is an archive, which has an end that can be seen. */
    boolean unpacksTar() {
        return tar;
    }

    boolean expectsSomething() {
        return expectEnd != null || minSize != null;
    }

    Expectation expected() throws UsageException {
        try {
            // bytes as characters, on both sides
            Pattern end = expectEnd == null ? null
                    : Pattern.compile(new String(RawString.encode(expectEnd), StandardCharsets.ISO_8859_1));
            return new Expectation(minSize == null ? 0 : minSize, end);
        } catch (PatternSyntaxException e) {
            throw new UsageException("--expect-end is no regular expression: " + Text.oneLine(e.getDescription()));
        }
    }

    List<StreamSource> sources(CommandContext context) throws UsageException {
        List<StreamSource> sources = new ArrayList<>();
        Set<RawPath.Key> taken = new HashSet<>();
        if (as != null) {
            List<byte[]> words = stdin ? null : context.afterDoubleDash().stream().map(RawString::encode).toList();
            sources.add(new StreamSource(path(as, taken), stdin ? null : Command.ofWords(words), tar));
        }
        for (String stream : streams) {
            int equals = stream.indexOf('=');
            boolean unpacked = stream.startsWith(TAR, equals + 1);
            String command = stream.substring(equals + 1 + (unpacked ? TAR.length() : 0));
            if (equals <= 0 || command.isBlank()) {
                throw new UsageException("--stream wants NAME=COMMAND or NAME=tar:COMMAND, not '" + Text.oneLine(stream) + "'");
            }
            sources.add(new StreamSource(path(stream.substring(0, equals), taken), Command.ofShell(RawString.encode(command)), unpacked));
        }
        return sources;
    }

    private static byte[] path(String name, Set<RawPath.Key> taken) throws UsageException {
        byte[] raw = RawString.encode(name);
        byte[] path = RawPath.normaliseLexically(RawPath.join(RawPath.ROOT, raw));
        for (byte[] part : RawPath.split(raw)) {
            if (part.length == 2 && part[0] == '.' && part[1] == '.') {
                throw new UsageException("a stream cannot be named '" + Text.oneLine(name) + "'");
            }
        }
        if (path.length == 1) {
            throw new UsageException("a stream wants a name, not '" + Text.oneLine(name) + "'");
        }
        if (!taken.add(new RawPath.Key(path))) {
            throw new UsageException("two streams are named '" + Text.oneLine(name) + "'");
        }
        return path;
    }
}
