package cairn.cmd.restore;

import cairn.cli.CommandContext;
import cairn.cli.Interrupt;
import cairn.cli.Output;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.posix.Child;
import cairn.posix.Errno;
import cairn.posix.PosixException;
import cairn.producer.Command;
import cairn.producer.CommandRun;
import cairn.query.FileContent;
import cairn.repo.Repository;
import cairn.tree.Entry;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes a file of a backup to a command. Good only if all was read and written and the command ended well; if reading fails, the
 * command is ended before its input is, so that it does not take half of the file for all of it.
 */
final class RestoreInto {
    private final CommandContext context;
    private final Output out;

    RestoreInto(CommandContext context, Output out) {
        this.context = context;
        this.out = out;
    }

    ExitCode run(Repository repository, Entry.File file, byte[] line) throws IOException {
        context.stdout().flush();
        try (CommandRun command = CommandRun.consumer(Command.ofShell(line), out::relayed);
                Interrupt.Guard guard = context.interrupt().guard(command::stop)) {
            boolean all = write(repository, file, command.stdin());
            if (all) {
                command.stdin().close();
            }
            Child.Ended ended = command.waitFor();
            context.interrupt().check();
            if (!ended.good()) {
                throw new CairnException(ExitCode.FAILED, "'" + command.shown() + "' " + ended.meaning(), "what it says stands above, if anything");
            }
            if (!all) {
                throw new CairnException(ExitCode.FAILED, "'" + command.shown() + "' ended well, but did not read all", null);
            }
            return ExitCode.DONE;
        }
    }

    /** Whether the command took everything. */
    private static boolean write(Repository repository, Entry.File file, OutputStream to) throws IOException {
        try (FileContent content = new FileContent(repository)) {
            content.copy(file, to);
            return true;
        } catch (PosixException e) {
            if (e.errno() == Errno.EPIPE) {
                return false;
            }
            throw e;
        }
    }
}
