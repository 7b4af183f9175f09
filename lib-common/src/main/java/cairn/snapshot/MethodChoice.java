package cairn.snapshot;

/**
 * What the user asked for: {@code METHOD[,required]}.
 *
 * @param method   null for {@code auto}: what the path lies on decides
 * @param required whether there must be a snapshot; else the live path does
 */
public record MethodChoice(Method method, boolean required) {
    public static final MethodChoice AUTO = new MethodChoice(null, false);

    /** @throws IllegalArgumentException if it is none, with a message for the user */
    public static MethodChoice parse(String text) {
        int comma = text.indexOf(',');
        String word = comma < 0 ? text : text.substring(0, comma);
        if (comma >= 0 && !text.substring(comma + 1).equals("required")) {
            throw new IllegalArgumentException("only 'required' may follow the method, not '" + text.substring(comma + 1) + "'");
        }
        Method method = Method.of(word);
        if (method == null && !word.equals("auto")) {
            throw new IllegalArgumentException("unknown method '" + word + "': one of auto, btrfs, lvm, zfs, dattobd, script, none");
        }
        if (method == Method.NONE && comma >= 0) {
            throw new IllegalArgumentException("'none' makes no snapshot: it cannot be required");
        }
        return new MethodChoice(method, comma >= 0);
    }
}
