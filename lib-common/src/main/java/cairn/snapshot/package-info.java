/**
 * Frozen views of volumes: made by btrfs, LVM, ZFS, dattobd or a script of the user's, and removed whatever happens.
 * The methods run the tools of their systems; what they have to undo stands in a journal before it is done.
 */
package cairn.snapshot;
