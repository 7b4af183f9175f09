package cairn.pack;

import cairn.crypto.Rng;
import cairn.format.ByteWriter;
import cairn.format.Bytes;
import cairn.format.DamagedException;
import cairn.format.RepositoryId;
import cairn.format.Hash;
import cairn.format.Signer;
import cairn.pack.PackFormat.BlobEntry;
import cairn.store.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes packs of frames taken over from others, sealed as they are: only the number of the section changes, which no
 * seal covers. Their sections come along. For one thread.
 */
public final class FrameCopier {
    private static final int MOST_SECTIONS = 1 << 12;

    private final RepositoryId repository;
    private final PackKind kind;
    private final Signer signer;
    private final int target;
    private final ByteWriter frames = new ByteWriter(1 << 20);
    private final List<PackAssembly.Placed> blobs = new ArrayList<>();
    private final Map<SectionKey, Integer> numbers = new LinkedHashMap<>();
    private final List<Section> sections = new ArrayList<>();
    private byte[] buffer = new byte[1 << 16];

    private record SectionKey(Capsule capsule, Hash salt) {
    }

    public FrameCopier(RepositoryId repository, PackKind kind, Signer signer, int target) {
        this.repository = repository;
        this.kind = kind;
        this.signer = signer;
        this.target = target;
    }

    public boolean isEmpty() {
        return blobs.isEmpty();
    }

    public boolean isFull() {
        return frames.size() >= target || sections.size() >= MOST_SECTIONS;
    }

    /** Takes over one frame. @param head of the pack that it is in */
    public void add(Storage storage, Hash pack, PackFormat.Head head, BlobEntry entry) throws IOException {
        if (buffer.length < entry.stored()) {
            buffer = new byte[entry.stored()];
        }
        String name = PackFormat.name(pack);
        storage.read(name, entry.offset(), buffer, 0, entry.stored());
        PackFormat.Frame frame = PackFormat.readFrame(buffer, 0, entry.stored(), name);
        if (head.sealed()) {
            if (frame.section() >= head.sections().size()) {
                throw new DamagedException(name, "has a frame of a section that is not there");
            }
            Section section = head.sections().get(frame.section());
            int number = numbers.computeIfAbsent(new SectionKey(section.capsule(), Hash.of(section.salt())), key -> {
                sections.add(section);
                return sections.size() - 1;
            });
            Bytes.putShort(buffer, 2, number);
        }
        int nonce = frame.nonce();
        if (!head.sealed()) {
            nonce = Rng.nextInt(); // nothing is sealed with it: it only gives the order
            Bytes.putInt(buffer, 4, nonce);
        }
        int start = frames.size();
        frames.bytes(buffer, 0, entry.stored());
        blobs.add(new PackAssembly.Placed(entry.id(), nonce, start, entry.stored(), entry.plain()));
    }

    /** Writes the pack and begins a new one. It is durable when this returns. */
    public PackBuilder.Written finish(Storage storage) throws IOException {
        makeUnique();
        PackBuilder.Written written = PackAssembly.write(storage, repository, kind, List.copyOf(sections), blobs, frames, signer);
        frames.clear();
        blobs.clear();
        numbers.clear();
        sections.clear();
        return written;
    }

    /**
     * A pack of all frames of one other pack would be that pack again, byte for byte and by name, and its deletion and
     * tombstone would be those of the copy. So a sealed one gets a section more, with a new salt, that no frame uses;
     * in one that is not sealed the nonces are drawn anew.
     */
    private void makeUnique() {
        if (!sections.isEmpty()) {
            sections.add(new Section(sections.getFirst().capsule(), Rng.bytes(Section.SALT)));
        }
    }
}
