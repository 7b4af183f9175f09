package cairn.restore;

import cairn.posix.Open;
import cairn.posix.PosixException;
import cairn.posix.RawString;
import cairn.posix.Sys;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that a restore gives to what it has not finished, beside what it will become:
 * {@code .cairn-restore-BOOT-PID.START-N~}, and with {@code note} before the tilde for the note of a file that is patched
 * in place. They tell whether the process that made them is still there: its boot, number and start time.
 */
final class TempNames {
    private static final Pattern FORM = Pattern.compile("\\.cairn-restore-([0-9a-f]{8})-([0-9]{1,9})\\.([0-9]{1,19})-[0-9a-f]{1,16}(note)?~");

    private final String boot;
    private final String prefix;
    /** Of the whole process, in which several restores may run. */
    private static final AtomicLong NEXT = new AtomicLong();

    TempNames() {
        boot = boot();
        int pid = Sys.pid();
        prefix = ".cairn-restore-" + boot + "-" + pid + "." + startOf(pid) + "-";
    }

    byte[] next() {
        return RawString.encode(prefix + Long.toHexString(NEXT.getAndIncrement()) + "~");
    }

    byte[] nextNote() {
        return RawString.encode(prefix + Long.toHexString(NEXT.getAndIncrement()) + "note~");
    }

    /** Whether a name is of this form. */
    static boolean isTemporary(byte[] name) {
        return Names.startsWith(name, ".cairn-restore-") && FORM.matcher(RawString.decode(name)).matches();
    }

    static boolean isNote(byte[] name) {
        return isTemporary(name) && RawString.decode(name).endsWith("note~");
    }

    /** Whether the restore that made a name is over: a reboot, or no process of this number and start time. */
    boolean isAbandoned(byte[] name) {
        Matcher form = FORM.matcher(RawString.decode(name));
        if (!form.matches()) {
            return false;
        }
        return !form.group(1).equals(boot) || startOf(Integer.parseInt(form.group(2))) != Long.parseLong(form.group(3));
    }

    private static String boot() {
        try {
            return RawString.decode(Sys.readFile(Open.AT_FDCWD, RawString.encode("/proc/sys/kernel/random/boot_id"))).substring(0, 8);
        } catch (PosixException | StringIndexOutOfBoundsException e) {
            return "00000000";
        }
    }

    /** When a process started, in clock ticks since boot: field 22 of proc_pid_stat(5); -1 if there is none. */
    static long startOf(int pid) {
        try {
            String stat = RawString.decode(Sys.readFile(Open.AT_FDCWD, RawString.encode("/proc/" + pid + "/stat")));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[19]);
        } catch (PosixException | RuntimeException e) {
            return -1;
        }
    }
}
