package cairn.cmd.restore;

import cairn.cli.HelpSection;
import cairn.cli.MapOptions;
import cairn.cli.UsageException;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.restore.RestoreParts.Mapping;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where restored entries go. */
final class WhereOptions implements HelpSection {
    @Option(names = "--target", paramLabel = "DIR", description = "restore below this folder, which is made if it is not there; / for everything where it was")
    private String target;

    @Option(names = "--map-from", paramLabel = "PATH", description = "with --map-to: a path in the backup that goes elsewhere; repeatable")
    private List<String> mapFrom = new ArrayList<>();

    @Option(names = "--map-to", paramLabel = "PATH",
            description = "where the path of the --map-from before it goes; below --target if that is given, and without it nothing else is restored")
    private List<String> mapTo = new ArrayList<>();

    @Override
    public String heading() {
        return "where to";
    }

    /** Whether any place was named. */
    boolean isGiven() {
        return target != null || !mapFrom.isEmpty() || !mapTo.isEmpty();
    }

    /** Raw, or null if only what is mapped is restored. */
    byte[] target() throws UsageException {
        if (target == null && mapFrom.isEmpty()) {
            throw new UsageException("where to is missing: name a folder with --target, or / for everything where it was");
        }
        if (target != null && target.isEmpty()) {
            throw new UsageException("--target is empty");
        }
        return target == null ? null : RawString.encode(target);
    }

    List<Mapping> mappings() throws UsageException, PosixException {
        MapOptions.requirePairs(mapFrom, mapTo);
        List<Mapping> mappings = new ArrayList<>();
        for (int i = 0; i < mapFrom.size(); i++) {
            if (!mapFrom.get(i).startsWith("/")) {
                throw new UsageException("--map-from wants an absolute path, not '" + mapFrom.get(i) + "'");
            }
            if (mapTo.get(i).isEmpty() || target != null && !mapTo.get(i).startsWith("/")) {
                throw new UsageException("--map-to wants an absolute path, which then counts from --target, not '" + mapTo.get(i) + "'");
            }
            byte[] to = RawPath.absolute(RawString.encode(mapTo.get(i)));
            mappings.add(new Mapping(RawPath.normaliseLexically(RawString.encode(mapFrom.get(i))), RawPath.normaliseLexically(to)));
        }
        return mappings;
    }
}
