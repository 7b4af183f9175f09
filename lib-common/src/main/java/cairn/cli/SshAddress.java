package cairn.cli;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.remote.LostException;

/**
 * What {@code ssh://[user@]host[:port]/path} says. The path is taken as it stands, without any unescaping; behind
 * {@code /~/} it begins in the home folder of the user there. An IPv6 address stands in brackets.
 *
 * @param user null if none is given
 * @param port 0 if none is given
 */
public record SshAddress(String user, String host, int port, String path) {
    private static final String SCHEME = "ssh://";

    /** @throws UsageException if it is no such address */
    public static SshAddress parse(String url) throws UsageException {
        String rest = url.substring(SCHEME.length());
        int slash = rest.indexOf('/');
        if (slash <= 0 || slash == rest.length() - 1) throw wrong(url, "it wants a host and a path");
        String path = rest.substring(slash);
        if (path.startsWith("/~/")) path = path.substring(3);
        if (path.isEmpty()) throw wrong(url, "it wants a host and a path");
        String place = rest.substring(0, slash);
        int at = place.lastIndexOf('@');
        String user = at < 0 ? null : place.substring(0, at);
        String host = place.substring(at + 1);
        int port = 0;
        int colon = host.startsWith("[") ? host.indexOf("]:") + 1 : host.indexOf(':');
        if (colon > 0) {
            port = port(url, host.substring(colon + 1));
            host = host.substring(0, colon);
        }
        if (host.startsWith("[") && host.endsWith("]")) host = host.substring(1, host.length() - 1);
        // what begins with a dash would be an option of ssh
        if (host.isEmpty() || host.startsWith("-")) throw wrong(url, "it names no host");
        if (user != null && (user.isEmpty() || user.startsWith("-"))) throw wrong(url, "it names no user");
        return new SshAddress(user, host, port, path);
    }

    private static int port(String url, String text) throws UsageException {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 65535) throw wrong(url, "'" + text + "' is no port");
        return Integer.parseInt(text);
    }

    private static UsageException wrong(String url, String how) {
        return new UsageException("'" + url + "' is no address of a repository: " + how + ", as in ssh://me@backup.example.org:22/srv/repo");
    }

    /**
     * The command that reaches it.
     *
     * @param ssh     a shell's words: the program and its options
     * @param program the name of cairn there
     * @param create  whether a new repository is to be made there
     */
    String script(String ssh, String program, boolean create) {
        String there = program + " receive --stdio" + (create ? " --new" : "") + " -r " + ShellScript.quote(path);
        return "exec " + ssh + (port == 0 ? "" : " -p " + port) + " " + ShellScript.quote(user == null ? host : user + "@" + host)
                + " " + ShellScript.quote(there);
    }

    /** What the exit status of ssh means, if it is not that of the program there. */
    CairnException diagnose(int status, String ssh, String program) {
        return switch (status) {
            case 255 -> new LostException(ExitCode.FAILED, "ssh cannot reach '" + host + "', or lost the connection (see above)",
                    "see whether 'ssh " + (port == 0 ? "" : "-p " + port + " ") + (user == null ? "" : user + "@") + host + " true' works", null);
            case 127 -> new CairnException(ExitCode.FAILED, "there is no program '" + program + "' on '" + host + "'",
                    "install cairn there, or say where it is with --remote-program or CAIRN_REMOTE_PROGRAM");
            default -> null;
        };
    }
}
