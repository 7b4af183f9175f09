package cairn.cmd.restore;

import cairn.cli.Event;
import cairn.cli.JsonWriter;
import cairn.cli.Line;
import cairn.cli.Text;
import cairn.posix.RawString;
import cairn.query.ModeText;
import cairn.repo.Backup;
import cairn.tree.Attributes;
import cairn.tree.Entry;
import cairn.tree.EntryType;
import cairn.tree.Xattr;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/**
 * An entry of a backup.
 *
 * @param shown the name or path as the line has it
 * @param path  the absolute path
 */
record EntryEvent(Backup backup, byte[] shown, byte[] path, Entry entry, boolean detailed, boolean numeric) implements Event {
    private static final byte[] ACL = "system.posix_acl_access".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DEFAULT_ACL = "system.posix_acl_default".getBytes(StandardCharsets.US_ASCII);
    private static final int NAME = 8;

    @Override
    public String type() {
        return "entry";
    }

    @Override
    public void text(Line line) throws IOException {
        if (detailed) {
            Attributes a = entry.attributes();
            line.text(ModeText.of(entry.type(), a.mode())).text(marker(a)).text(" ").left(owner(backup.body().users(), a.uid()), NAME)
                    .text(" ").left(owner(backup.body().groups(), a.gid()), NAME).text(" ");
            switch (entry) {
                case Entry.File file -> line.size(file.size());
                case Entry.Special special when device(special) ->
                        line.right(Integer.toUnsignedString(special.major()) + ", " + Integer.toUnsignedString(special.minor()), 10);
                default -> line.right("-", 10);
            }
            Instant mtime = mtime(a);
            line.text(" ");
            if (mtime != null) {
                line.time(mtime);
            } else {
                line.text("@" + a.mtimeSeconds());
            }
            line.text(" ");
        }
        line.name(shown);
        if (detailed && entry instanceof Entry.Symlink link) {
            line.text(" -> ").name(link.target());
        }
    }

    /** As ls(1) marks them: {@code +} for an access control list, {@code @} for other extended attributes. */
    private static String marker(Attributes a) {
        String marker = " ";
        for (Xattr xattr : a.xattrs()) {
            if (Arrays.equals(xattr.name(), ACL) || Arrays.equals(xattr.name(), DEFAULT_ACL)) {
                return "+";
            }
            marker = "@";
        }
        return marker;
    }

    private String owner(Map<Long, byte[]> names, long id) {
        byte[] name = numeric ? null : names.get(id);
        return name == null ? Long.toString(id) : Text.printable(name);
    }

    private static boolean device(Entry.Special special) {
        return special.type() == EntryType.CHAR_DEVICE || special.type() == EntryType.BLOCK_DEVICE;
    }

    /** Null for a time that no calendar reaches. */
    private static Instant mtime(Attributes a) {
        try {
            Instant time = Instant.ofEpochSecond(a.mtimeSeconds(), a.mtimeNanos());
            return Math.abs(a.mtimeSeconds()) < 1L << 54 ? time : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    @Override
    public void json(JsonWriter json) throws IOException {
        json.field("backup", backup.id().hex()).field("path", path);
        attributes(json, backup, entry);
    }

    /** All attributes of an entry as members of an object. @param backup that knows the names of owners, or null */
    static void attributes(JsonWriter json, Backup backup, Entry entry) throws IOException {
        Attributes a = entry.attributes();
        json.field("entry_type", entry.type().name().toLowerCase(Locale.ROOT)).field("mode", octal(a.mode()));
        json.field("uid", a.uid()).field("gid", a.gid());
        if (backup != null) {
            owner(json, "user", backup.body().users().get(a.uid()));
            owner(json, "group", backup.body().groups().get(a.gid()));
        }
        json.field("mtime", mtime(a)).field("mtime_seconds", a.mtimeSeconds()).field("mtime_nanos", a.mtimeNanos());
        switch (entry) {
            case Entry.File file -> json.field("size", file.size());
            case Entry.Directory directory -> { }
            case Entry.Symlink link -> json.field("target", link.target());
            case Entry.Special special -> {
                if (device(special)) {
                    json.field("major", Integer.toUnsignedLong(special.major())).field("minor", Integer.toUnsignedLong(special.minor()));
                }
            }
        }
        if (a.linkGroup() != null) {
            json.field("link_group", HexFormat.of().toHexDigits(a.linkGroup().high()) + HexFormat.of().toHexDigits(a.linkGroup().low()));
        }
        if (!a.xattrs().isEmpty()) {
            json.name("xattrs").beginArray();
            for (Xattr xattr : a.xattrs()) {
                json.beginObject().field("name", xattr.name()).field("value_base64", Base64.getEncoder().encodeToString(xattr.value())).endObject();
            }
            json.endArray();
        }
        if (a.inodeFlags() != 0) {
            json.field("inode_flags", Integer.toUnsignedLong(a.inodeFlags()));
        }
        if (a.projectId() != 0) {
            json.field("project_id", a.projectId());
        }
    }

    private static void owner(JsonWriter json, String field, byte[] name) throws IOException {
        if (name != null) {
            json.field(field, RawString.decode(name));
        }
    }

    static String octal(int mode) {
        String digits = Integer.toOctalString(mode);
        return "0".repeat(Math.max(0, 4 - digits.length())) + digits;
    }
}
