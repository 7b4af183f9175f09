package cairn.store;

/** A storage that outlives whoever closes it, such as a repository that is opened on it more than once. */
public final class LastingStorage extends ForwardingStorage {
    public LastingStorage(Storage inner) {
        super(inner);
    }

    @Override
    public void close() {
        // it is somebody else's
    }
}
