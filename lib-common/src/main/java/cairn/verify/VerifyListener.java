package cairn.verify;

import cairn.repo.Backup;

/** Hears what a running verification does and finds. Called from several threads. */
public interface VerifyListener {
    void finding(Finding finding);

    /** A path of a backup that is hit by damage. */
    void hit(Backup backup, byte[] path);

    /** Something is about to be done: structure, data, paths. */
    void phase(String phase);
}
