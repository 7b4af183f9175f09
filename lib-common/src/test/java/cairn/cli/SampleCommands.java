package cairn.cli;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.RawString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Small commands to try the framework with. */
public final class SampleCommands implements CommandModule {
    @Override
    public CommandGroup group() {
        return CommandGroup.WAY_IN;
    }

    @Override
    public List<CommandEntry> commands() {
        return List.of(
                new CommandEntry("backup", "print what was given", Echo::new),
                new CommandEntry("fail", "end with an error", Fail::new),
                new CommandEntry("key add", "add a key", Echo::new),
                new CommandEntry("key list", "list the keys", Echo::new));
    }

    @picocli.CommandLine.Command
    static final class Echo extends Command {
        @Mixin
        private RepoOptions repo;

        @Mixin
        private ListOptions list;

        @Option(names = "--target", paramLabel = "DIR", description = "where to")
        private String target;

        @Option(names = {"-n", "--dry-run"}, description = "change nothing")
        private boolean dryRun;

        @Option(names = "--size", paramLabel = "SIZE", converter = SizeConverter.class, description = "how much")
        private Long size;

        @Parameters(paramLabel = "PATH", arity = "0..*", description = "what")
        private List<String> paths = new ArrayList<>();

        @Override
        protected boolean nullTerminated() {
            return list.nullTerminated();
        }

        @Override
        protected ExitCode run() throws IOException {
            String location = repo.location(context()).text();
            out().message("a message");
            out().detail("a detail");
            out().emit(new Result("target", target));
            out().emit(new Result("repo", location));
            out().emit(new Result("dry", Boolean.toString(dryRun)));
            if (size != null) out().emit(new Result("size", Long.toString(size)));
            for (String path : paths) out().emit(new Result("path", path));
            return ExitCode.DONE;
        }
    }

    record Result(String name, String value) implements Event {
        @Override
        public String type() {
            return "result";
        }

        @Override
        public void json(JsonWriter json) throws IOException {
            json.field("name", name).field("value", value);
        }

        @Override
        public void text(Line line) throws IOException {
            line.text(name).text("=").name(RawString.encode(String.valueOf(value)));
        }
    }

    @picocli.CommandLine.Command
    static final class Fail extends Command {
        @Mixin
        private RepoOptions repo;

        @Parameters(paramLabel = "HOW", description = "what to fail with")
        private String how;

        @Override
        protected ExitCode run() throws Exception {
            switch (how) {
                case "known" -> throw new CairnException(ExitCode.NO_REPOSITORY, "no repository at '/x\n'", "run 'cairn init'");
                case "memory" -> throw new OutOfMemoryError("Java heap space");
                case "stack" -> throw new StackOverflowError();
                case "bug" -> throw new IllegalStateException("never");
                case "io" -> throw new NoSuchFileException("/gone");
                case "flood" -> {
                    for (;;) context().stdout().write("y\n".getBytes(StandardCharsets.US_ASCII));
                }
                case "password" -> {
                    context().stdout().write(repo.password(context(), "password: "));
                    context().stdout().write('\n');
                }
                case "wait" -> {
                    ready();
                    new CountDownLatch(1).await();
                }
                case "guard" -> {
                    CountDownLatch told = new CountDownLatch(1);
                    try (Interrupt.Guard guard = context().interrupt().guard(told::countDown)) {
                        ready();
                        told.await();
                        context().stdout().write("saved\n".getBytes(StandardCharsets.US_ASCII));
                    }
                    context().interrupt().check();
                }
                case "interrupt" -> context().interrupt().check();
                default -> throw new UsageException("cannot fail with '" + how + "'");
            }
            return ExitCode.DONE;
        }

        private void ready() throws IOException {
            context().stdout().write("ready\n".getBytes(StandardCharsets.US_ASCII));
            context().stdout().flush();
        }
    }
}
