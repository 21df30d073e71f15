package dev.thanosgateway.e2e;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * A fake with two models more, whose answers stop in the middle, whole and streamed, in whatever language: {@code cut}
 * ends its connection there, {@code slow} says nothing more until its client goes. {@code GET /slow} tells how many
 * clients have got half an answer of {@code slow}, and how many of them have gone.
 */
final class Halfway implements FakeUpstream.Script {
    private static final Pattern CUT = named("cut");
    private static final Pattern SLOW = named("slow");

    private final FakeUpstream.Script rest;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();

    Halfway(FakeUpstream.Script rest) {
        this.rest = rest;
    }

    /** In the body, or in the path as Gemini has it. */
    private static Pattern named(String model) {
        return Pattern.compile("\"model\" ?: ?\"" + model + "\"|/models/" + model + ":");
    }

    /** How many clients of {@code slow} have gone. */
    int left() {
        return left.get();
    }

    @Override
    public void answer(FakeUpstream.Call call) throws Exception {
        FakeUpstream.Request request = call.request();
        String asked = request.path() + " " + request.text();
        if (request.line().startsWith("GET /slow ")) {
            call.json(200, "{\"waiting\":" + waiting + ",\"left\":" + left + "}");
        } else if (CUT.matcher(asked).find()) {
            call.hold();
            rest.answer(call);
            call.half();
            call.close();
        } else if (SLOW.matcher(asked).find()) {
            call.hold();
            rest.answer(call);
            call.half();
            waiting.incrementAndGet();
            if (call.awaitGone(20_000)) {
                left.incrementAndGet();
            }
        } else {
            rest.answer(call);
        }
    }
}
