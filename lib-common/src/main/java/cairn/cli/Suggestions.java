package cairn.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What somebody may have meant. */
final class Suggestions {
    private static final int AT_MOST = 3;

    private Suggestions() {}

    /** The words nearest to a mistyped one, best first; empty if none is near. */
    static List<String> nearest(String word, Collection<String> known) {
        int best = limit(word) + 1;
        List<String> found = new ArrayList<>();
        for (String candidate : known) {
            int distance = candidate.startsWith(word) && word.length() > 1 ? 1 : distance(word, candidate);
            if (distance > best || distance > limit(word)) continue;
            if (distance < best) found.clear();
            best = distance;
            if (found.size() < AT_MOST && !found.contains(candidate)) found.add(candidate);
        }
        return found;
    }

    /** {@code , did you mean 'a' or 'b'?} or nothing. */
    static String ask(List<String> words) {
        if (words.isEmpty()) return "";
        StringBuilder out = new StringBuilder(", did you mean ");
        for (int i = 0; i < words.size(); i++) {
            if (i > 0) out.append(i == words.size() - 1 ? " or " : ", ");
            out.append('\'').append(words.get(i)).append('\'');
        }
        return out.append('?').toString();
    }

    private static int limit(String word) {
        return word.length() <= 2 ? 0 : word.length() <= 4 ? 1 : 2;
    }

    /** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
    static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] above = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) above[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(above[j], row[j - 1]) + 1, above[j - 1] + cost);
                boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) row[j] = Math.min(row[j], before[j - 2] + 1);
            }
            int[] free = before;
            before = above;
            above = row;
            row = free;
        }
        return above[b.length()];
    }
}
