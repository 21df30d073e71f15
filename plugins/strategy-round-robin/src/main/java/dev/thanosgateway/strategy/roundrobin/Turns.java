package dev.thanosgateway.strategy.roundrobin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whose turn it is, counted for each group of members by itself, so that requests that differ in who may serve them
 * do not take each other's turns. Used by many threads at once.
 */
final class Turns {
    /** Groups come from the configuration and from which members can serve: few. The bound is for what is not foreseen. */
    private static final int GROUPS_LIMIT = 1_000;

    private final Map<Object, AtomicLong> counts = new ConcurrentHashMap<>();

    /** The number of this turn of a group, from 0; each is given once. */
    long next(Object group) {
        AtomicLong count = counts.get(group);
        if (count == null) {
            if (counts.size() >= GROUPS_LIMIT) {
                counts.clear();
            }
            count = counts.computeIfAbsent(group, g -> new AtomicLong());
        }
        return count.getAndIncrement();
    }

    /** The number that {@link #next} would give, and still will. */
    long upcoming(Object group) {
        AtomicLong count = counts.get(group);
        return count == null ? 0 : count.get();
    }

    /**
     * The members in the order of one turn. The turn's number, written in the factorial number system, picks each
     * place among those left: so the first place goes round, and of the turns a member has, every other one is second
     * equally often, and so on. Whatever members are dead, the others serve equally often.
     */
    static <T> List<T> order(List<T> members, long turn) {
        List<T> left = new ArrayList<>(members);
        List<T> order = new ArrayList<>(members.size());
        long rest = turn;
        while (!left.isEmpty()) {
            int at = (int) (rest % left.size());
            rest /= left.size();
            Collections.rotate(left, -at);
            order.add(left.remove(0));
        }
        return order;
    }
}
