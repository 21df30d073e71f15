package dev.thanosgateway.strategy.sticky;

import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.RoutingStrategy;
import dev.thanosgateway.api.routing.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/**
 * Keeps a conversation at one provider, whose prompt cache knows it: the requests of a session ({@link
 * ChatRequest#session()}, or named in the user's id), else those that begin with the same words, up to the first the user says.
 *
 * <p>By rendezvous hashing: each provider has a rank for each conversation, and the highest that can serve is asked.
 * Nothing is kept, so that reloads, restarts and further gateways agree; a provider that goes moves its own conversations
 * only, spread over the others, and has them back when it returns.
 */
@Component(property = RoutingStrategy.NAME + "=sticky")
public final class StickyStrategy implements RoutingStrategy {
    private static final long FNV_BASIS = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;
    /**
     * Coding agents put the session behind the user's name: {@code metadata.user_id = "user_…_session_…"}, of late as
     * JSON: <code>{"device_id":"…","session_id":"…"}</code>.
     */
    private static final List<String> SESSIONS = List.of("_session_", "\"session_id\"");

    private static final String RANK = ", by which each provider has its rank";
    private static final String BY_HEADER = "the request's header names its session" + RANK;
    private static final String BY_USER = "the user's id names its session" + RANK;
    private static final String BY_WORDS = "no session is named, and the conversation begins as it does" + RANK;

    private record Ranked(Candidate candidate, long rank) {}

    /** @param why one clause for who asks why a conversation is where it is */
    private record Conversation(long hash, String why) {}

    @Override
    public Plan plan(ChatRequest request, Snapshot snapshot) {
        Conversation conversation = conversation(request);
        List<Ranked> ranked = new ArrayList<>();
        for (Candidate candidate : snapshot.askable()) {
            ranked.add(new Ranked(candidate, mix(hash(conversation.hash(), candidate.provider()))));
        }
        ranked.sort(Comparator.comparingLong(Ranked::rank).reversed());
        return Plan.inOrder(ranked.stream().map(Ranked::candidate).toList())
                .withExclusions(snapshot.leftOut())
                .withWhy(conversation.why());
    }

    private static Conversation conversation(ChatRequest request) {
        String session = request.session();
        if (session != null) {
            return new Conversation(hash(FNV_BASIS, session), BY_HEADER);
        }
        long head = FNV_BASIS;
        try {
            String user = request.content().user();
            if (user != null && SESSIONS.stream().anyMatch(user::contains)) {
                return new Conversation(hash(FNV_BASIS, user), BY_USER);
            }
            for (Message message : request.content().messages()) {
                head = hash(head, message.role().name());
                head = hash(head, message.text());
                if (message.role() == Role.USER) {
                    break;
                }
            }
        } catch (GatewayException e) {
            // Whoever is asked with it will tell the caller what is wrong.
            return new Conversation(head, BY_WORDS);
        }
        return new Conversation(head, BY_WORDS);
    }

    /** FNV-1a by characters; the end counts, so that "ab", "c" is not "a", "bc". */
    private static long hash(long before, String text) {
        long hash = before;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return (hash ^ 0x10000) * FNV_PRIME;
    }

    /** SplitMix64's last steps: neighbours in, strangers out. */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
