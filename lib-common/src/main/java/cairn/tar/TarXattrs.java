package cairn.tar;

import cairn.tree.Xattr;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes extended attributes of what extended headers say:
 *
 * <pre>
 * SCHILY.xattr.NAME         the value as it is; in NAME GNU tar writes % and = as %25 and %3D
 * LIBARCHIVE.xattr.NAME     the value in base64, NAME with %XX as in addresses; bsdtar writes both, and only this one is without doubt
 * SCHILY.acl.access         system.posix_acl_access, see {@link AclText}
 * SCHILY.acl.default        system.posix_acl_default
 * RHT.security.selinux      security.selinux, whose value ends in a NUL
 * </pre>
 */
final class TarXattrs {
    private static final byte[] ACCESS = ascii("system.posix_acl_access");
    private static final byte[] DEFAULT = ascii("system.posix_acl_default");
    private static final byte[] SELINUX = ascii("security.selinux");

    private TarXattrs() {
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** @param problems takes what cannot be kept */
    static List<Xattr> of(PaxHeader pax, NameIds ids, List<String> problems, TarInput in) throws TarException {
        Map<byte[], byte[]> found = new TreeMap<>(Arrays::compareUnsigned);
        acl(pax.get("SCHILY.acl.access"), ACCESS, ids, found, problems);
        acl(pax.get("SCHILY.acl.default"), DEFAULT, ids, found, problems);
        if (pax.has("SCHILY.acl.ace")) {
            problems.add("has an NFSv4 access control list, which cannot be kept");
        }
        byte[] label = pax.get("RHT.security.selinux");
        if (label != null) {
            found.put(SELINUX, Arrays.copyOf(label, label.length + 1));
        }
        Map<byte[], byte[]> libarchive = pax.libarchiveXattrs();
        if (libarchive.isEmpty()) {
            pax.starXattrs().forEach((name, value) -> found.put(unescaped(name, true), value));
        }
        for (Map.Entry<byte[], byte[]> xattr : libarchive.entrySet()) {
            try {
                found.put(unescaped(xattr.getKey(), false), Base64.getDecoder().decode(xattr.getValue()));
            } catch (IllegalArgumentException e) {
                throw in.wrong("has an extended attribute that is no base64");
            }
        }
        List<Xattr> xattrs = new ArrayList<>(found.size());
        for (Map.Entry<byte[], byte[]> xattr : found.entrySet()) {
            boolean nul = false;
            for (byte b : xattr.getKey()) {
                nul |= b == 0;
            }
            if (nul || xattr.getKey().length > 255) {
                problems.add("has an extended attribute of an impossible name");
            } else {
                xattrs.add(new Xattr(xattr.getKey(), xattr.getValue()));
            }
        }
        return xattrs;
    }

    private static void acl(byte[] text, byte[] name, NameIds ids, Map<byte[], byte[]> found, List<String> problems) {
        if (text == null) {
            return;
        }
        try {
            byte[] value = AclText.xattr(text, name == ACCESS, ids);
            if (value != null) {
                found.put(name, value);
            }
        } catch (AclText.UnusableException e) {
            problems.add("has an access control list that cannot be kept: it " + e.getMessage());
        }
    }

    /** @param gnu whether only {@code %25} and {@code %3D} stand for other bytes */
    private static byte[] unescaped(byte[] name, boolean gnu) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(name.length);
        for (int i = 0; i < name.length; i++) {
            int high = name[i] == '%' && i + 2 < name.length ? Character.digit(name[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(name[i + 2], 16) : -1;
            int value = high << 4 | low;
            if (low >= 0 && (!gnu || value == '%' || value == '=')) {
                plain.write(value);
                i += 2;
            } else {
                plain.write(name[i]);
            }
        }
        return plain.toByteArray();
    }
}
