package cairn.session;

import cairn.error.CairnException;
import cairn.format.ByteReader;
import cairn.format.ByteWriter;
import cairn.format.Envelope;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.format.SignatureChecker;
import cairn.format.Signer;

/**
 * One small file per running writer, {@code sessions/ID-N}: published when it begins (N = 0), again with the next N
 * while it runs, and as {@code sessions/ID-end} when it is done. Signed; the time that counts is the one the storage
 * gives to the file.
 *
 * <pre>
 * session  16
 * number   u32   N; FFFFFFFF in the file that ends it
 * </pre>
 */
public record SessionFile(SessionId session, int number) {
    public static final int END = -1;
    public static final int LARGEST = 4096;

    /** The name of the file in the storage. */
    public String name() {
        return name(session, number);
    }

    public static String name(SessionId session, int number) {
        return Kind.SESSION.folder() + "/" + session.hex() + "-" + (number == END ? "end" : Integer.toString(number));
    }

    /** What a name in {@code sessions/} says, or null if it is no such name. */
    public static SessionFile ofName(String name) {
        String base = name.substring(name.lastIndexOf('/') + 1);
        int dash = base.indexOf('-');
        SessionId id = dash < 0 ? null : SessionId.parse(base.substring(0, dash));
        if (id == null) {
            return null;
        }
        String rest = base.substring(dash + 1);
        if (rest.equals("end")) {
            return new SessionFile(id, END);
        }
        return rest.matches("0|[1-9][0-9]{0,8}") ? new SessionFile(id, Integer.parseInt(rest)) : null;
    }

    public byte[] encode(RepositoryId repository, Signer signer) {
        byte[] body = new ByteWriter().bytes(session.bytes()).u32(number).toBytes();
        return Envelope.close(Kind.SESSION, repository, body, signer);
    }

    public static SessionFile decode(byte[] file, RepositoryId repository, SignatureChecker checker, String what) throws CairnException {
        ByteReader in = Envelope.open(file, Kind.SESSION, repository, checker, what).body(what);
        SessionFile session = new SessionFile(SessionId.read(in.bytes(SessionId.BYTES), 0), in.u32());
        in.end();
        return session;
    }
}
