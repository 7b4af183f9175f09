package cairn.producer;

/**
 * One stream to save.
 *
 * @param path    where it stands in the backup, absolute
 * @param command that writes it, or null for standard input
 * @param tar     whether it is a tar archive, whose members are to be saved below the path
 */
public record StreamSource(byte[] path, Command command, boolean tar) {
}
