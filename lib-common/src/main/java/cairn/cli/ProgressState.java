package cairn.cli;

/**
 * How far a command has come, at one moment.
 *
 * @param phase      what it is doing, or null: {@code reading}, {@code checking}
 * @param bytes      done so far
 * @param totalBytes to do in all, or -1 while unknown
 * @param files      done so far
 * @param totalFiles to do in all, or -1 while unknown
 * @param current    the file in hand, or null
 */
public record ProgressState(String phase, long bytes, long totalBytes, long files, long totalFiles, byte[] current) {}
