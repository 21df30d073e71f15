package dev.thanosgateway.host.transport;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * An origin's credentials as they may stand in what it answers: as they are, or as URLs, JSON and Base64 write them.
 * Found in one pass that skips almost as far as the shortest is long (Wu and Manber, 1994), whatever their number.
 * Immutable.
 */
final class Secrets {
    private static final int PAIRS = 4096;

    private final byte[][] forms;
    private final int shortest;
    private final int longest;
    /** How far a window may move, by the two bytes it ends with. */
    private final byte[] shifts = new byte[PAIRS];
    /** Which bytes stand in some form. */
    private final boolean[] used = new boolean[256];

    private Secrets(List<byte[]> forms) {
        this.forms = forms.toArray(new byte[0][]);
        // What comes first is found first: of two that begin alike the longer one.
        Arrays.sort(this.forms, (a, b) -> b.length - a.length);
        this.longest = forms.isEmpty() ? 0 : this.forms[0].length;
        this.shortest = forms.isEmpty() ? 0 : Math.min(this.forms[this.forms.length - 1].length, Byte.MAX_VALUE);
        Arrays.fill(shifts, (byte) (shortest - 1));
        for (byte[] form : this.forms) {
            for (int i = 0; i + 1 < shortest; i++) {
                int pair = pair(form[i], form[i + 1]);
                shifts[pair] = (byte) Math.min(shifts[pair], shortest - 2 - i);
            }
            for (byte one : form) {
                used[one & 0xff] = true;
            }
        }
    }

    /** @param values what must not be seen; those that could be ordinary words are let through */
    static Secrets of(Collection<String> values) {
        Set<String> forms = new LinkedHashSet<>();
        for (String value : values) {
            if (telling(value)) {
                addForms(forms, value);
            }
        }
        return new Secrets(forms.stream()
                .map(form -> form.getBytes(StandardCharsets.UTF_8))
                .toList());
    }

    /** Placeholders such as {@code ollama} and {@code not-needed} are what an answer may well speak of. */
    private static boolean telling(String value) {
        return value.length() >= 12 || (value.length() >= 8 && value.chars().anyMatch(Character::isDigit));
    }

    private static void addForms(Set<String> forms, String value) {
        forms.add(value);
        String inAddress = URLEncoder.encode(value, StandardCharsets.UTF_8);
        forms.add(inAddress);
        forms.add(inAddress.replace("+", "%20"));
        forms.add(lowerEscapes(inAddress));
        forms.add(value.replace("/", "\\/"));
        StringBuilder escaped = new StringBuilder();
        value.chars().forEach(c -> escaped.append(String.format("\\u%04x", c)));
        forms.add(escaped.toString());
        forms.add(escaped.toString().toUpperCase(Locale.ROOT).replace("\\U", "\\u"));
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        for (int before = 0; before < 3; before++) {
            String coded = base64(bytes, before);
            forms.add(coded);
            forms.add(coded.replace('+', '-').replace('/', '_'));
        }
    }

    private static String lowerEscapes(String inAddress) {
        StringBuilder lower = new StringBuilder(inAddress);
        for (int i = 0; i + 2 < lower.length(); i++) {
            if (lower.charAt(i) == '%') {
                lower.replace(i + 1, i + 3, lower.substring(i + 1, i + 3).toLowerCase(Locale.ROOT));
            }
        }
        return lower.toString();
    }

    /** The digits that follow from {@code bytes} alone, wherever they stand in what was encoded. */
    private static String base64(byte[] bytes, int before) {
        byte[] all = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, all, before, bytes.length);
        String coded = Base64.getEncoder().withoutPadding().encodeToString(all);
        return coded.substring((before * 8 + 5) / 6, all.length * 8 / 6);
    }

    boolean none() {
        return forms.length == 0;
    }

    private static int pair(byte first, byte second) {
        return (((first & 0xff) << 4) ^ (second & 0xff)) & (PAIRS - 1);
    }

    /** Where the first one is from {@code from} on; -1 = nowhere. */
    int find(ByteBuffer text, int from) {
        int limit = text.limit();
        int last = from + shortest - 1;
        while (last < limit) {
            int shift = shifts[pair(text.get(last - 1), text.get(last))];
            if (shift > 0) {
                last += shift;
            } else {
                int start = last - shortest + 1;
                if (length(text, start) > 0) {
                    return start;
                }
                last++;
            }
        }
        return -1;
    }

    /** How long the one is that begins at {@code start}; 0 = none does. */
    int length(ByteBuffer text, int start) {
        for (byte[] form : forms) {
            if (form.length <= text.limit() - start && begins(text, start, form, form.length)) {
                return form.length;
            }
        }
        return 0;
    }

    /** Where a text that goes on may hold the beginning of one; its limit = nowhere. */
    int open(ByteBuffer text) {
        int limit = text.limit();
        int start = limit;
        int least = Math.max(text.position(), limit - longest + 1);
        while (start > least && used[text.get(start - 1) & 0xff]) {
            start--;
        }
        for (; start < limit; start++) {
            for (byte[] form : forms) {
                if (form.length > limit - start && begins(text, start, form, limit - start)) {
                    return start;
                }
            }
        }
        return limit;
    }

    private static boolean begins(ByteBuffer text, int start, byte[] form, int length) {
        for (int i = 0; i < length; i++) {
            if (text.get(start + i) != form[i]) {
                return false;
            }
        }
        return true;
    }

    /** The fields with each secret in a value overwritten, and without those that have one in their name. */
    HttpFields covered(HttpFields fields) {
        if (none()) {
            return fields;
        }
        HttpFields.Mutable clean = null;
        for (HttpField field : fields) {
            boolean named = holds(field.getName());
            if (!named && !holds(field.getValue())) {
                continue;
            }
            if (clean == null) {
                clean = HttpFields.build(fields);
            }
            clean.remove(field.getName());
            if (!named) {
                // A header of this name that says something else too is no loss.
                clean.add(field.getName(), "[secret]");
            }
        }
        return clean == null ? fields : clean;
    }

    private boolean holds(@Nullable String text) {
        return text != null
                && text.length() >= shortest
                && find(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)), 0) >= 0;
    }
}
