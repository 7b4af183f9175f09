/**
 * The way back: writes a tree of a backup below a folder. It plans first (which entries, which blobs, sorted on disk by
 * where they lie), then reads each pack once and in order, and finishes what can only be set at the end. It never
 * prints: everything that happens goes to a {@link cairn.restore.RestoreListener}.
 */
package cairn.restore;
