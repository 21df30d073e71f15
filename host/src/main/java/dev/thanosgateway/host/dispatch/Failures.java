package dev.thanosgateway.host.dispatch;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.routing.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The failed attempts of one call, and the one failure its caller is told. For one call, used by one thread at a time. */
final class Failures {
    private record Of(Target target, GatewayException failure, boolean leftOut) {
        boolean says(Of other) {
            return target.equals(other.target) && failure.message().equals(other.failure.message());
        }

        int rank() {
            return leftOut ? LEFT_OUT : Failures.rank(failure.kind());
        }
    }

    private static final int LEFT_OUT = 9;

    private final List<Of> all = new ArrayList<>(1);

    void add(Target target, GatewayException failure) {
        all.add(new Of(target, failure, false));
    }

    /** The target cannot do what is asked of it: what is told is how others failed that can, if there are any. */
    void leftOut(Target target, GatewayException why) {
        all.add(new Of(target, why, true));
    }

    /** The target is asked after all. */
    void retract(Target target) {
        all.removeIf(of -> of.target().equals(target));
    }

    /** What a target failed by last; null = it did not. */
    @Nullable
    GatewayException lastOf(@Nullable Target target) {
        return all.reversed().stream()
                .filter(of -> of.target().equals(target))
                .map(Of::failure)
                .findFirst()
                .orElse(null);
    }

    int count() {
        return all.size();
    }

    /** The most telling one: what the caller can mend, then limited, timeout, unavailable, the rest. Lists them all. */
    GatewayException told() {
        Of best = all.stream().min(Comparator.comparingInt(Of::rank)).orElseThrow();
        if (all.size() == 1) {
            return best.failure();
        }
        StringBuilder message = new StringBuilder(sentence(best.failure().message()));
        if (all.stream().allMatch(one -> one.says(best))) {
            message.append(" It was asked ").append(all.size()).append(" times.");
            return best.failure().withMessage(message.toString());
        }
        message.append(" Asked in this order: ");
        for (int i = 0; i < all.size(); i++) {
            String said = sentence(all.get(i).failure().message());
            message.append(all.get(i).target())
                    .append(": ")
                    .append(i == all.size() - 1 ? said : said.substring(0, said.length() - 1) + "; ");
        }
        return best.failure().withMessage(message.toString());
    }

    /** An upstream's words need not end as a sentence does. */
    private static String sentence(String message) {
        return message.endsWith(".") ? message : message + ".";
    }

    private static int rank(ErrorKind kind) {
        return switch (kind) {
            case CONTEXT_EXCEEDED, UNSUPPORTED, MODEL_NOT_FOUND -> 1;
            case UPSTREAM_LIMITED -> 2;
            case UPSTREAM_TIMEOUT -> 3;
            case UPSTREAM_UNAVAILABLE -> 4;
            default -> kind.fault() == ErrorKind.Fault.CALLER ? 0 : 5;
        };
    }
}
