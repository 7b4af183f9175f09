package cairn.cmd.restore;

import cairn.posix.RawPath;
import cairn.restore.PathFilter;
import cairn.walk.pattern.Selection;
import java.util.ArrayList;
import java.util.List;

/** Patterns as a filter of a restore: those with a slash in the middle count from what was asked for, or was saved. */
final class ChosenPaths implements PathFilter {
    private final List<byte[]> sources;
    private final List<Selection> selections = new ArrayList<>();
    private final Selection elsewhere;

    /** @param sources the operand's path, or all paths that the backup saved */
    ChosenPaths(Selection selection, List<byte[]> sources) {
        this.sources = sources;
        this.elsewhere = selection;
        for (byte[] source : sources) {
            selections.add(selection.at(source));
        }
    }

    private Selection at(byte[] path) {
        for (int i = 0; i < sources.size(); i++) {
            if (RawPath.isWithin(path, sources.get(i))) {
                return selections.get(i);
            }
        }
        return elsewhere;
    }

    @Override
    public boolean selects(byte[] path, boolean directory) {
        return at(path).selects(path, directory);
    }

    @Override
    public boolean enters(byte[] directory) {
        for (int i = 0; i < sources.size(); i++) {
            if (RawPath.isWithin(sources.get(i), directory)) {
                return true;
            }
        }
        return at(directory).enters(directory);
    }
}
