package cairn.repo;

import cairn.key.KeyList;
import java.util.Arrays;

/**
 * What a key list says of whose word counts.
 *
 * @param list null if there is none: then nobody's word counts, and what is stored is told of as it is
 * @param own  the signing key of this program if it writes, whose content counts whatever the list says; else null
 */
record ListTrust(KeyList list, byte[] own) implements Trust {
    @Override
    public boolean forContent(byte[] signer) {
        return own != null && Arrays.equals(signer, own) || list != null && list.trustsContentOf(signer);
    }

    @Override
    public boolean forMarks(byte[] signer) {
        return list != null && list.trustsMarksOf(signer);
    }

    @Override
    public boolean forRecords(byte[] signer) {
        return list == null || list.tellsOfRecordsBy(signer);
    }

    @Override
    public boolean forReceipts(byte[] receiver) {
        return list == null || list.tellsOfReceiver(receiver);
    }

    @Override
    public boolean forTimes(byte[] receiver) {
        return list == null || list.isLone() || list.trustsMarksOf(receiver);
    }
}
