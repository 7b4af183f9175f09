package cairn.walk;

import cairn.posix.RawPath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Places to walk as one tree from the root, in memory. */
final class SourceTree {
    /** A directory on the way to a place, or a place. */
    private static final class Node {
        private NavigableMap<RawPath.Key, Node> children;
        private Wanted.Item item;

        Node child(byte[] name) {
            return children == null ? null : children.get(new RawPath.Key(name));
        }

        boolean isTree() {
            return item != null && item.tree();
        }

        private Node make(byte[] name) {
            if (children == null) {
                children = new TreeMap<>();
            }
            return children.computeIfAbsent(new RawPath.Key(name), key -> new Node());
        }
    }

    private Node root = new Node();
    private int size;

    void add(Wanted.Item item) {
        Node node = root;
        for (byte[] name : item.names()) {
            node = node.make(name);
        }
        if (node.item == null) {
            size++;
        }
        if (node.item == null || item.tree()) {
            node.item = item;
        }
    }

    void addAll(SourceTree other) {
        Pass all = new Pass(other.root);
        for (Wanted.Item item = all.next(); item != null; item = all.next()) {
            add(item);
        }
    }

    /** How many places there are. */
    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void clear() {
        root = new Node();
        size = 0;
    }

    boolean isSource(List<byte[]> names) {
        Node node = root;
        for (byte[] name : names) {
            node = node == null ? null : node.child(name);
        }
        return node != null && node.isTree();
    }

    boolean covers(List<byte[]> names) {
        Node node = root;
        for (byte[] name : names) {
            if (node.isTree()) {
                return true;
            }
            node = node.child(name);
            if (node == null) {
                return false;
            }
        }
        return node.isTree();
    }

    Wanted wanted() {
        return new Pass(root);
    }

    /** Depth first, without recursion: paths may be deeper than a stack. */
    private static final class Pass implements Wanted {
        private final Deque<Iterator<Map.Entry<RawPath.Key, Node>>> open = new ArrayDeque<>();
        private Node first;

        Pass(Node root) {
            first = root;
        }

        @Override
        public Item next() {
            if (first != null) {
                Node root = first;
                first = null;
                push(root);
                if (root.item != null) {
                    return root.item;
                }
            }
            while (!open.isEmpty()) {
                if (!open.peek().hasNext()) {
                    open.pop();
                    continue;
                }
                Node node = open.peek().next().getValue();
                push(node);
                if (node.item != null) {
                    return node.item;
                }
            }
            return null;
        }

        private void push(Node node) {
            if (node.children != null) {
                open.push(node.children.entrySet().iterator());
            }
        }
    }
}
