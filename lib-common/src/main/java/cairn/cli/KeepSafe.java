package cairn.cli;

import cairn.error.CairnException;
import cairn.format.RepositoryId;
import cairn.posix.Dirs;
import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.posix.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a user should hear while there is time: that a key without a copy, or a copy on the same disk, saves nothing. */
public final class KeepSafe {
    private KeepSafe() {}

    /** Says, until a page was made, that the backups are lost with their key. After {@code init} and a first backup. */
    public static void remindOfPaper(CommandContext context, Output out, RepoLocation location, RepositoryId repository) {
        if (paperMade(context, repository)) return;
        String repo = location.isDefault() ? "" : " -r " + location;
        out.message("without its password or key file nobody can read this repository; print a page that opens it and keep it elsewhere:"
                + " cairn key export --paper" + repo);
    }

    /** Remembers that a page was made, on this machine. Not to be able to remember costs one more reminder. */
    public static void notePaper(CommandContext context, RepositoryId repository) {
        try {
            PrivateFile.create(paperNote(context, repository), new byte[0]);
        } catch (IOException e) {
            return;
        }
    }

    /** Forgets that a page was made: it does not open what is stored from now on. */
    public static void forgetPaper(CommandContext context, RepositoryId repository) {
        try {
            Dirs.unlink(Open.AT_FDCWD, paperNote(context, repository));
        } catch (IOException e) {
            return; // none was made
        }
    }

    private static boolean paperMade(CommandContext context, RepositoryId repository) {
        try {
            return new Stat().exists(Open.AT_FDCWD, paperNote(context, repository));
        } catch (IOException e) {
            return false;
        }
    }

    private static byte[] paperNote(CommandContext context, RepositoryId repository) throws CairnException {
        return RawPath.join(UserFolders.state(context), RawString.encode("paper-" + repository.hex()));
    }

    /**
     * Says so if the default repository lies on the disk that it is to save from.
     *
     * @param sources raw paths of what is saved
     */
    public static void noteSameDisk(Output out, RepoLocation location, List<byte[]> sources) {
        if (!location.isDefault() || !sameDisk(location.path(), sources)) return;
        out.message("the default repository '" + location + "' is on the same disk as what it saves: if the disk breaks both are gone."
                + " For a copy elsewhere name another repository with -r");
    }

    private static boolean sameDisk(byte[] repository, List<byte[]> sources) {
        try {
            Stat own = new Stat().at(Open.AT_FDCWD, repository);
            String disk = disk(own);
            for (byte[] source : sources) {
                Stat other = new Stat().at(Open.AT_FDCWD, source);
                if (own.dev() == other.dev() || disk != null && disk.equals(disk(other))) return true;
            }
        } catch (PosixException e) {
            return false;
        }
        return false;
    }

    /** The disk that a partition is of, or null where the kernel shows no block device (btrfs, overlayfs, network). */
    private static String disk(Stat stat) {
        try {
            Path device = Path.of("/sys/dev/block/" + stat.devMajor() + ":" + stat.devMinor()).toRealPath();
            return (Files.exists(device.resolve("partition")) ? device.getParent() : device).toString();
        } catch (IOException e) {
            return null;
        }
    }
}
