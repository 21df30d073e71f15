package dev.thanosgateway.api.routing;

import dev.thanosgateway.api.chat.ChatRequest;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Orders the targets of a request: a declarative service. Pure: no I/O, no clock, no thread; what it may know of the
 * world is in the snapshot, and what it may keep between requests is a count of its own. Called from many threads at
 * once, never blocks. One that throws, or does not return, is set aside for a while; the configuration's order serves.
 */
@ConsumerType
public interface RoutingStrategy {
    /** Service property (String, required): the name {@code [routing] strategy} selects. */
    String NAME = "strategy.name";

    /** Service property (Boolean, optional): whether plans look at what {@link Candidate#models() providers signal}. */
    String SIGNALS = "strategy.signals";

    /**
     * Plans one request. Asked only where the caller left a choice: the name is {@code auto}, which leaves provider
     * and model open, or one that several providers serve, which then stays as it is. A pinned name never gets here.
     * A {@linkplain Snapshot#dryRun() dry run} changes nothing that is kept between requests.
     *
     * @return targets in the order to try; those left out with a reason each. Candidates that are neither are reported
     *     as not chosen. An empty plan is answered with NO_ROUTE and the reasons. What the plan says {@linkplain
     *     Plan#why() why} and by which {@linkplain Plan#scores() scores} goes into the request's decision record.
     */
    Plan plan(ChatRequest request, Snapshot snapshot);
}
