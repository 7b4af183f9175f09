package cairn.transfer;

import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.Envelope;
import cairn.format.Kind;
import cairn.format.RepositoryId;
import cairn.format.SignatureChecker;
import cairn.index.IndexImage;
import cairn.key.KeyList;
import cairn.pack.PackFormat;
import cairn.pack.PackReader;
import cairn.record.RecordFile;
import cairn.session.SessionFile;
import cairn.stream.StreamException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Checks files that somebody else made, before they are stored: header, hash, name, signature, structure, and whether the
 * signer may add to the repository. Needs no key.
 */
public final class SealedFiles {
    private final RepositoryId repository;
    private final SignatureChecker checker;
    private final KeyList list;

    /** @param list who may write; null to believe every signature, for whoever stores nothing */
    public SealedFiles(RepositoryId repository, SignatureChecker checker, KeyList list) {
        this.repository = repository;
        this.checker = checker;
        this.list = list;
    }

    /** A pack that is right. */
    public PackReader.Directory pack(String name, byte[] file, int length) throws IOException {
        Envelope.Checked checked = envelope(Kind.PACK, name, file, length);
        named(name, PackFormat.name(checked.hash()));
        return PackReader.check(file, length, repository, checked.hash(), null);
    }

    /** An index file that is right; what it says of packs is its signer's word. */
    public IndexImage index(String name, byte[] file, int length) throws IOException {
        Envelope.Checked checked = envelope(Kind.INDEX, name, file, length);
        named(name, Kind.INDEX.folder() + "/" + checked.hash().hex());
        return IndexImage.open(name, file, length, repository);
    }

    /** A record that is right, as its writer made it. */
    public RecordFile record(String name, byte[] file, int length) throws IOException {
        envelope(Kind.RECORD, name, file, length);
        RecordFile record = RecordFile.decode(Arrays.copyOf(file, length), repository, checker, name);
        named(name, RecordFile.name(record.id()));
        if (record.received() != null) {
            throw new StreamException("'" + name + "'", "was received by somebody before: records travel as their writers made them");
        }
        return record;
    }

    /** A session's file with the key that signed it. */
    public record Session(SessionFile file, byte[] signer) {
    }

    /** A session's file that is right. */
    public Session session(String name, byte[] file, int length) throws IOException {
        Envelope.Checked checked = envelope(Kind.SESSION, name, file, length);
        SessionFile session = SessionFile.decode(Arrays.copyOf(file, length), repository, null, name);
        named(name, session.name());
        return new Session(session, checked.signer());
    }

    private Envelope.Checked envelope(Kind kind, String name, byte[] file, int length) throws IOException {
        Envelope.Checked checked = Envelope.check(file, length, kind, repository, checker, name);
        mayWrite(name, checked.signer());
        return checked;
    }

    private void mayWrite(String name, byte[] signer) throws CairnException {
        if (signer == null) {
            throw new CairnException(ExitCode.REFUSED, "'" + name + "' is not signed", "only keys of the repository can add to it");
        }
        if (list == null) {
            return;
        }
        KeyList.Member member = list.bySigningKey(signer);
        if (member == null) {
            throw new CairnException(ExitCode.REFUSED, "'" + name + "' is signed by a key that is none of this repository's ("
                    + HexFormat.of().formatHex(signer, 0, 4) + ")", "'cairn key list' shows those that are");
        }
        if (!member.active() || !member.role().writes()) {
            throw new CairnException(ExitCode.REFUSED, "'" + name + "' is signed by the key '" + member.name() + "', which "
                    + (member.active() ? "may not write" : "was removed"), "send it with another key");
        }
    }

    private static void named(String name, String right) throws StreamException {
        if (!name.equals(right)) {
            throw new StreamException("'" + name + "'", "holds what should be called '" + right + "'");
        }
    }
}
