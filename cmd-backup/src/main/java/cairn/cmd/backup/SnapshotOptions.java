package cairn.cmd.backup;

import cairn.cli.CommandContext;
import cairn.cli.HelpSection;
import cairn.cli.Output;
import cairn.cli.SizeConverter;
import cairn.cli.SnapshotFolders;
import cairn.cli.UsageException;
import cairn.posix.RawString;
import cairn.snapshot.MethodChoice;
import cairn.snapshot.SnapshotListener;
import cairn.snapshot.SnapshotRequest;
import cairn.snapshot.Snapshots;
import java.io.IOException;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How a snapshot is made, but for its method. */
final class SnapshotOptions implements HelpSection {
    private static final Pattern SHARE = Pattern.compile("[0-9]{1,3}%(FREE|ORIGIN|VG)");

    @Option(names = "--snapshot-size", paramLabel = "SIZE",
            description = "room for what changes while an LVM snapshot exists: 5GiB, 20%ORIGIN or 50%FREE (the default)")
    private String size;

    @Option(names = "--snapshot-config", paramLabel = "FILE",
            description = "the snapshot.cfg that names the scripts; else /etc/cairn/snapshot.cfg, then that of UrBackup")
    private String config;

    @Option(names = "--snapshot-name", paramLabel = "NAME", description = "name of the folder, as the script is told; else the last part of its path")
    private String name;

    @Option(names = "--snapshot-client", paramLabel = "CLIENT", description = "virtual client, as the script is told; its lines in snapshot.cfg count first")
    private String client;

    @Override
    public String heading() {
        return "snapshots";
    }

    SnapshotRequest request(String method) throws UsageException {
        MethodChoice choice;
        try {
            choice = MethodChoice.parse(method);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
        return new SnapshotRequest(choice, lvmSize(), raw(name), raw(client), raw(config));
    }

    private static byte[] raw(String text) {
        return text == null ? null : RawString.encode(text);
    }

    /** As lvcreate(8) takes it. */
    private String lvmSize() throws UsageException {
        if (size == null || SHARE.matcher(size).matches()) {
            return size;
        }
        try {
            return new SizeConverter().convert(size) + "b";
        } catch (Exception e) {
            throw new UsageException("--snapshot-size wants a size such as 5GiB, or 50%FREE, 20%ORIGIN or 10%VG, not '" + size + "'");
        }
    }

    /** The snapshots of this machine; what their tools say is shown by {@code -v}. */
    static Snapshots snapshots(CommandContext context, Output out) throws IOException {
        return new Snapshots(SnapshotFolders.state(context), SnapshotFolders.mounts(context), context.environment(), new SnapshotListener() {
            @Override
            public void log(String line) {
                out.detail(line);
            }

            @Override
            public void warning(String message) {
                out.warning(message);
            }
        });
    }
}
