package cairn.cli;

import cairn.error.CairnException;
import cairn.remote.RemoteStorage;
import cairn.remote.Throttle;
import java.io.IOException;
import java.nio.file.Path;

/** Reaches repositories elsewhere. */
final class FarRepository {
    /** A connection that hangs is found out in about two minutes. */
    private static final String SSH = "ssh -o ServerAliveInterval=30 -o ServerAliveCountMax=4";

    private FarRepository() {}

    static RemoteStorage open(CommandContext context, Output out, RepoOptions options, RepoLocation location, boolean create) throws IOException {
        if (location.origin() == RepoLocation.Origin.COMMAND) {
            return converse(context, options.cache(), ProcessLink.start("eval " + ShellScript.quote(location.text()), location.text(),
                    line -> out.warning(line), status -> null, options.throttle(out)).strict());
        }
        if (!"ssh".equals(location.scheme())) {
            throw new UsageException("'" + location + "' is no repository that can be reached: a folder or ssh://[user@]host[:port]/path can");
        }
        SshAddress address = SshAddress.parse(location.text());
        String ssh = options.ssh(context, SSH);
        String program = options.remoteProgram(context);
        return converse(context, create ? new CacheOptions(0) : options.cache(), ProcessLink.start(address.script(ssh, program, create), location.text(),
                line -> out.warning(address.host() + ": " + line), status -> address.diagnose(status, ssh, program), options.throttle(out)));
    }

    private static RemoteStorage converse(CommandContext context, CacheOptions cache, ProcessLink link) throws IOException {
        try {
            return RemoteStorage.open(link, cacheFolder(context, cache), cache.size());
        } catch (IOException | RuntimeException e) {
            link.close();
            throw e;
        }
    }

    private static Path cacheFolder(CommandContext context, CacheOptions cache) {
        try {
            return RepositoryAccess.scratch(cache.dir(context));
        } catch (CairnException noHome) {
            return null;
        }
    }
}
