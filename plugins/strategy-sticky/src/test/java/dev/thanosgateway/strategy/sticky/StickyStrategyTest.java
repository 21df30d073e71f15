package dev.thanosgateway.strategy.sticky;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class StickyStrategyTest {
    private static final Candidate A = Candidate.of("a", "t").withModel("m");
    private static final Candidate B = Candidate.of("b", "t").withModel("m");
    private static final Candidate C = Candidate.of("c", "t").withModel("m");

    private static ChatRequest saying(String... turns) {
        List<Message> messages = new ArrayList<>(List.of(Message.text(Role.SYSTEM, "You are kind.")));
        for (int i = 0; i < turns.length; i++) {
            messages.add(Message.text(i % 2 == 0 ? Role.USER : Role.ASSISTANT, turns[i]));
        }
        return ChatRequest.builder("auto")
                .content(ChatContent.builder().messages(messages).build())
                .build();
    }

    private static String first(ChatRequest request, Candidate... candidates) {
        Plan plan = new StickyStrategy().plan(request, Snapshot.of(Arrays.asList(candidates), Map.of()));
        return plan.targets().get(0).provider();
    }

    @Test
    void aConversationStaysWhereItBeganAndConversationsAreSpread() {
        Map<String, Integer> begun = new TreeMap<>();
        for (int i = 0; i < 3_000; i++) {
            String at = first(saying("question " + i), A, B, C);
            begun.merge(at, 1, Integer::sum);
            assertThat(first(saying("question " + i, "an answer", "and further"), C, A, B))
                    .isEqualTo(at);
        }
        assertThat(begun.values()).allSatisfy(count -> assertThat(count).isBetween(890, 1_110));
    }

    @Test
    void aSessionCountsWhateverIsSaid() {
        Map<String, Integer> at = new TreeMap<>();
        for (int i = 0; i < 300; i++) {
            String session = "5f0c2f6e-" + i;
            String first = first(saying("one").withSession(session), A, B, C);
            assertThat(first(saying("two").withSession(session), A, B, C)).isEqualTo(first);
            at.merge(first, 1, Integer::sum);
        }
        assertThat(at.values()).hasSize(3).allSatisfy(count -> assertThat(count).isBetween(65, 135));
    }

    @Test
    void aSessionInTheUsersIdCountsAndAUserAloneDoesNot() {
        Map<String, Integer> at = new TreeMap<>();
        Map<String, Integer> ofOneUser = new TreeMap<>();
        for (int i = 0; i < 300; i++) {
            String user = i % 2 == 0
                    ? "user_1f2e_account__session_" + i
                    : "{\"device_id\":\"1f2e\",\"account_uuid\":\"\",\"session_id\":\"" + i + "\"}";
            String first = first(by(user, "one"), A, B, C);
            assertThat(first(by(user, "two"), A, B, C)).isEqualTo(first);
            at.merge(first, 1, Integer::sum);
            ofOneUser.merge(first(by("me", "question " + i), A, B, C), 1, Integer::sum);
        }
        assertThat(at).hasSize(3);
        assertThat(ofOneUser).hasSize(3);
    }

    private static ChatRequest by(String user, String turn) {
        return ChatRequest.builder("auto")
                .content(ChatContent.builder()
                        .messages(List.of(Message.text(Role.USER, turn)))
                        .user(user)
                        .build())
                .build();
    }

    @Test
    void oneThatIsSetAsideMovesItsOwnConversationsOnly() {
        Map<String, Integer> moved = new TreeMap<>();
        for (int i = 0; i < 3_000; i++) {
            ChatRequest request = saying("question " + i);
            String before = first(request, A, B, C);
            String now = first(request, A, B.withUnavailable("its breaker is open"), C);
            if (before.equals("b")) {
                moved.merge(now, 1, Integer::sum);
            } else {
                assertThat(now).isEqualTo(before);
            }
        }
        assertThat(moved.keySet()).containsExactly("a", "c");
        assertThat(moved.values()).allSatisfy(count -> assertThat(count).isBetween(400, 600));
    }

    @Test
    void aRequestThatCannotBeReadIsPlannedAllTheSame() {
        ChatRequest broken = ChatRequest.builder("auto")
                .content(() -> {
                    throw new GatewayException(ErrorKind.INVALID_REQUEST, "messages is missing.");
                })
                .build();
        Plan plan = new StickyStrategy().plan(broken, Snapshot.of(List.of(A, B), Map.of()));
        assertThat(plan.targets()).containsExactlyInAnyOrder(new Target("a", "m"), new Target("b", "m"));
    }
}
