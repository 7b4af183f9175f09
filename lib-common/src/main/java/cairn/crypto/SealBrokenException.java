package cairn.crypto;

import java.security.GeneralSecurityException;

/**
 * What was opened is not what was sealed: altered, cut off, moved to another place, or sealed with another key. Which
 * of these cannot be told. The caller knows which file or blob it was and says so to the user.
 */
public final class SealBrokenException extends GeneralSecurityException {
    public SealBrokenException(Throwable cause) {
        super("the seal is broken", cause);
    }
}
