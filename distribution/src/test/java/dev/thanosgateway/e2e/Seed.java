package dev.thanosgateway.e2e;

import java.util.Random;
import java.util.SplittableRandom;

/** Chance that can be repeated: {@code -Dthanos.seed=…} gives the same run again, and every failure says which it was. */
record Seed(long value) {
    /** The one of the build (README: Test it), or outside of it a new one; printed. */
    static Seed of(String what) {
        Seed seed = new Seed(Long.getLong("thanos.seed", System.nanoTime() & 0xFFFFFFFFL));
        System.out.println(what + ": -Dthanos.seed=" + seed.value);
        return seed;
    }

    /** The chance of one case: the same for the same number, whatever order the cases run in. */
    Random of(int number) {
        // Mixed: what Random gives first hardly differs from one small number to the next.
        return new Random(new SplittableRandom(value * 1_000_003 + number).nextLong());
    }
}
