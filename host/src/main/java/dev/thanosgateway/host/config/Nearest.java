package dev.thanosgateway.host.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant. */
public final class Nearest {
    private Nearest() {}

    /** The known word closest to {@code word}, if it is close enough for a slip of the keyboard. */
    public static Optional<String> to(String word, Collection<String> known) {
        String best = null;
        int least = Math.clamp(word.length() / 3, 1, 3) + 1;
        for (String candidate : known) {
            int distance = distance(plain(word), plain(candidate));
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    /** {@code " Did you mean 'x'?"}, or nothing. */
    public static String question(String word, Collection<String> known) {
        return to(word, known)
                .or(() -> known.stream()
                        .filter(candidate -> beginsAlike(plain(word), plain(candidate)))
                        .findFirst())
                .map(x -> " Did you mean '" + x + "'?")
                .orElse("");
    }

    /** {@code idle} for {@code idle_ms}: a word cut short, or made longer. */
    private static boolean beginsAlike(String a, String b) {
        return Math.min(a.length(), b.length()) >= 4 && (a.startsWith(b) || b.startsWith(a));
    }

    private static String plain(String word) {
        // Nobody types 80 characters wrongly by three; the bound keeps the comparison cheap.
        String head = word.length() > 80 ? word.substring(0, 80) : word;
        return head.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** Insertions, deletions, substitutions and swaps of neighbours that make one of the other. */
    public static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
