package cairn.packaging;

import cairn.cli.CacheOptions;
import cairn.cli.OutputOptions;
import cairn.cli.RepoOptions;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options that may stand before the command's name. */
final class GlobalOptions {
    static final List<OptionSpec> OPTIONS = Stream.of(new RepoOptions(), new CacheOptions(), new OutputOptions())
            .flatMap(options -> CommandSpec.forAnnotatedObject(options).options().stream()).filter(o -> !o.hidden()).toList();

    private GlobalOptions() {}
}
