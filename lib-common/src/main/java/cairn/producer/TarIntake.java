package cairn.producer;

import cairn.archive.Intake;
import cairn.posix.RawPath;
import cairn.posix.RawString;
import cairn.tar.TarMember;
import cairn.tar.TarReader;
import cairn.tree.Entry;
import cairn.tree.EntryType;
import java.io.IOException;
import java.io.InputStream;

/**
 * Gives the members of a tar archive to an intake, below a folder. Names are taken as tar takes them: without a slash at either end,
 * and {@code .} is the folder itself. A member whose name or target of a hard link has {@code ..} is left out, and told: nothing stands
 * outside of the folder. What else cannot be is told by the intake: a member below one that is no folder, a hard link to what is not there. Of
 * a name that comes more than once the last counts.
 */
final class TarIntake {
    private static final byte[] NONE = {};

    private final Intake intake;
    private final byte[] under;
    private final StreamListener listener;

    TarIntake(Intake intake, byte[] under, StreamListener listener) {
        this.intake = intake;
        this.under = under;
        this.listener = listener;
    }

    void take(InputStream in) throws IOException {
        String shown = RawString.printable(under);
        TarReader archive = new TarReader(in, "the tar stream '" + shown + "'");
        long members = 0;
        for (TarMember member = archive.next(); member != null; member = archive.next()) {
            members++;
            take(archive, member);
        }
        if (archive.behindTheEnd() > 0) {
            intake.problem(under, "ends " + archive.behindTheEnd() + " bytes before the stream does: what is behind the end of an archive is not saved, "
                    + "as tar would not unpack it (one --stream for each archive)");
        }
        if (archive.endsOddly()) {
            listener.warning("the tar stream '" + shown + "' ends in one block of zeros, not in two");
        }
        if (members == 0) {
            listener.warning("the tar stream '" + shown + "' holds nothing: the folder that was saved is empty");
        }
    }

    private void take(TarReader archive, TarMember member) throws IOException {
        byte[] path = path(member.name());
        boolean root = path != null && path.length == under.length;
        if (path == null || root && (member.hardLink() || !(member.type() == EntryType.DIRECTORY))) {
            intake.problem(RawPath.join(under, relative(member.name())), path == null ? "has '..' in its name: left out"
                    : "has the name of the whole archive, and is no folder: left out");
            return;
        }
        for (String problem : member.problems()) {
            intake.problem(path, problem);
        }
        intake.user(member.attributes().uid(), member.user());
        intake.group(member.attributes().gid(), member.group());
        if (member.hardLink()) {
            link(archive, member, path);
            return;
        }
        switch (member.type()) {
            case FILE -> content(archive, member, path);
            case DIRECTORY -> intake.directory(path, member.attributes(), null);
            case SYMLINK -> {
                if (member.target().length == 0) {
                    intake.problem(path, "is a symlink to nothing: left out");
                } else {
                    intake.entry(path, new Entry.Symlink(NONE, member.attributes(), member.target()), null);
                }
            }
            default -> intake.entry(path, new Entry.Special(NONE, member.attributes(), member.type(), member.major(), member.minor()), null);
        }
    }

    /** If the archive holds its content too, that stands for it where the target is missing. */
    private void link(TarReader archive, TarMember member, byte[] path) throws IOException {
        byte[] target = path(member.target());
        if (member.size() > 0) {
            content(archive, member, path);
        }
        if (target == null || target.length == under.length) {
            intake.problem(path, "is a hard link to '" + RawString.printable(member.target()) + "', outside of the archive"
                    + (member.size() > 0 ? ": saved as a file of its own" : ": left out"));
        } else {
            intake.link(path, target);
        }
    }

    private void content(TarReader archive, TarMember member, byte[] path) throws IOException {
        Intake.FileContent file = intake.file(path, member.attributes(), null);
        archive.content(new TarReader.Sink() {
            @Override
            public long data(InputStream from, long length) throws IOException {
                return file.data(from, length);
            }

            @Override
            public void hole(long length) throws IOException {
                file.hole(length);
            }
        });
        file.end();
    }

    /** Where a member stands in the backup, or null if its name leads out of the archive. */
    private byte[] path(byte[] name) {
        byte[][] parts = RawPath.split(name);
        for (byte[] part : parts) {
            if (part.length == 2 && part[0] == '.' && part[1] == '.') {
                return null;
            }
        }
        return parts.length == 0 ? under : RawPath.join(under, RawPath.build(false, parts));
    }

    private static byte[] relative(byte[] name) {
        return RawPath.build(false, RawPath.split(name));
    }
}
