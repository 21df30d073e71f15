package dev.thanosgateway.dialect.openai;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which call a piece of one choice's {@code tool_calls} belongs to. Endpoints of this language leave out indexes, or
 * give every call the index 0; ids then tell the calls apart. For one answer, used by one thread at a time.
 */
final class CallPlaces {
    /** A call of the choice. */
    static final class Place {
        private final int order;
        private final int index;
        private String id = "";
        private boolean named;
        private boolean identified;

        Place(int order, int index) {
            this.order = order;
            this.index = index;
        }

        /** How many calls of the choice began before it. */
        int order() {
            return order;
        }

        /** The index it has among the choice's calls: the upstream's own, unless another call has that. */
        int index() {
            return index;
        }

        /** Empty = the upstream gave none, so far. */
        String id() {
            return id;
        }

        /** Whether the tool's name is known and the upstream gave no id before it; true once. */
        boolean needsId() {
            boolean needs = named && id.isEmpty() && !identified;
            identified |= needs;
            return needs;
        }

        /** Whether the tool's name is known. */
        boolean named() {
            return named;
        }
    }

    private final List<Place> all = new ArrayList<>(0);
    private final Map<Integer, Place> open = new HashMap<>(0);
    private int next;

    int count() {
        return all.size();
    }

    /**
     * The call of a piece.
     *
     * @param index as the upstream counts; -1 = it gives none
     * @param position the piece's place in its array, which stands for an index that is missing
     * @param name the tool's; empty = the piece does not say
     */
    Place of(int index, int position, String id, String name) {
        int key = index < 0 ? position : index;
        Place place = index < 0 ? known(id) : null;
        place = place == null ? open.get(key) : place;
        if (place == null || (place.named && !name.isEmpty() && !id.isEmpty() && !id.equals(place.id))) {
            boolean free = index >= 0 && all.stream().noneMatch(call -> call.index == index);
            place = new Place(all.size(), free ? index : next);
            next = Math.max(next, place.index + 1);
            all.add(place);
        }
        open.put(key, place);
        place.id = place.id.isEmpty() || (!place.named && !id.isEmpty()) ? id : place.id;
        place.named |= !name.isEmpty();
        return place;
    }

    private @Nullable Place known(String id) {
        return id.isEmpty()
                ? null
                : all.stream().filter(call -> call.id.equals(id)).findFirst().orElse(null);
    }
}
