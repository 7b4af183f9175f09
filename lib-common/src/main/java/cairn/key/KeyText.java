package cairn.key;

import cairn.crypto.Wipe;
import cairn.error.CairnException;
import cairn.error.ExitCode;
import cairn.format.RepositoryId;

/** What a file given as key file can be: a key file, a paper key that was typed in, or a client key. The first byte of its content tells. */
public sealed interface KeyText permits KeyFileText, PaperKey, ClientKey {
    RepositoryId repository();

    /** The access key that it opens or is. */
    String name();

    /** @throws CairnException that says which line is wrong */
    static KeyText parse(byte[] text) throws CairnException {
        byte[] content = TypedLines.parse(text, "the key file");
        if (content.length > 0 && content[0] == KeyFileText.TYPE) {
            KeyFileText file = KeyFileText.decode(content);
            Wipe.bytes(content);
            return file;
        }
        if (content.length > 0 && content[0] == PaperKey.TYPE) {
            return PaperKey.decode(content);
        }
        if (content.length > 0 && content[0] == ClientKey.TYPE) {
            return ClientKey.decode(content);
        }
        throw new CairnException(ExitCode.WRONG_PASSWORD, "this is no key file that this version of cairn knows", "use a newer cairn");
    }
}
