package cairn.producer;

/**
 * One stream to save.
 *
 * @param path    where it stands in the backup, absolute
 * @param command that writes it, or null for standard input
 */
public record StreamSource(byte[] path, Command command) {
}
