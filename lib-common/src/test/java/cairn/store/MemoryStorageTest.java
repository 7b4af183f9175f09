package cairn.store;

final class MemoryStorageTest extends StorageConformance {
    private MemoryStorage memory;

    @Override
    protected Storage openEmpty() {
        memory = new MemoryStorage();
        return memory;
    }

    @Override
    protected Storage openAgain() {
        return memory;
    }
}
