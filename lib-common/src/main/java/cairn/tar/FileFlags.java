package cairn.tar;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** File flags as libarchive names those of Linux, joined by commas ({@code SCHILY.fflags}), as bits of ioctl_iflags(2). */
final class FileFlags {
    private static final Map<String, Integer> BITS = Map.ofEntries(Map.entry("compress", 0x4), Map.entry("sync", 0x8), Map.entry("schg", 0x10),
            Map.entry("sappnd", 0x20), Map.entry("nodump", 0x40), Map.entry("noatime", 0x80), Map.entry("journal-data", 0x4000),
            Map.entry("notail", 0x8000), Map.entry("dirsync", 0x10000), Map.entry("topdir", 0x20000), Map.entry("nocow", 0x800000),
            Map.entry("projinherit", 0x20000000));

    private FileFlags() {
    }

    /** @param text or null @param problems takes what Linux does not have */
    static int of(byte[] text, List<String> problems) {
        int flags = 0;
        if (text != null) {
            for (String name : new String(text, StandardCharsets.ISO_8859_1).split(",")) {
                Integer bit = BITS.get(name);
                if (bit != null) {
                    flags |= bit;
                } else if (problems.stream().noneMatch(p -> p.startsWith("has file flags"))) {
                    problems.add("has file flags that cannot be kept");
                }
            }
        }
        return flags;
    }
}
