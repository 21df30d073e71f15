package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.chat.ChatEvent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.provider.Auth;
import dev.thanosgateway.api.provider.Chat;
import dev.thanosgateway.api.provider.Exchange;
import dev.thanosgateway.api.provider.Model;
import dev.thanosgateway.api.provider.ModelList;
import dev.thanosgateway.api.provider.Signals;
import dev.thanosgateway.api.routing.Candidate;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.api.routing.Snapshot;
import dev.thanosgateway.api.routing.Target;
import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.Toy;
import dev.thanosgateway.host.http.Upstream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When providers are asked for what they signal, and what strategies hear of it. */
final class SignalBoardTest {
    /** The toy provider, whose models are a signal. */
    private static final class Signalling implements Chat, Signals {
        private final Toy.Provider toy = new Toy.Provider(Auth.BEARER);

        @Override
        public Exchange<ChatEvent> chat(ChatRequest request) {
            return toy.chat(request);
        }

        @Override
        public Exchange<ModelList> signals() {
            return toy.models();
        }
    }

    private final Upstream up = new Upstream();
    private final Upstream other = new Upstream();
    private final List<Snapshot> seen = Collections.synchronizedList(new ArrayList<>());
    private Rig rig;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(Rig.table("up", up) + Rig.table("other", other) + "model = \"o\"\n");
        rig.provider("up").service = new Signalling();
        rig.wantsSignals = true;
        rig.strategy = (request, snapshot) -> {
            seen.add(snapshot);
            List<Target> targets = new ArrayList<>();
            for (Candidate one : snapshot.candidates()) {
                if (one.unavailable() == null) {
                    List<Model> models = one.models();
                    String own = one.model() == null ? "auto" : one.model();
                    targets.add(new Target(
                            one.provider(),
                            models.isEmpty() ? own : models.get(0).id()));
                }
            }
            return Plan.of(targets);
        };
        client = rig.client();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        rig.close();
        up.close();
        other.close();
    }

    private void answers(Upstream upstream, String model) throws Exception {
        Upstream.Asked chat = upstream.next();
        assertThat(chat.head).startsWith("POST /v1/toy");
        assertThat(chat.body).isEqualTo(model);
        chat.answers(200, "", "hi\n.\n");
        Client.Head head = client.head();
        assertThat(head.status()).isEqualTo(200);
        assertThat(client.body(head)).isEqualTo("hi");
    }

    private Candidate last(String provider) {
        return seen.get(seen.size() - 1).candidate(provider).orElseThrow();
    }

    @Test
    void theFirstRequestWaitsForThemAndThoseBehindItUseWhatIsKnown() throws Exception {
        client.post("model=auto");
        Upstream.Asked asked = up.next();
        assertThat(asked.head).startsWith("GET /v1/models").contains("secret-of-up");
        assertThat(seen).isEmpty();
        asked.answers(200, "", "best\nsecond\n");
        answers(up, "best");
        assertThat(last("up").models()).extracting(Model::id).containsExactly("best", "second");

        client.post("model=auto");
        answers(up, "best");
        rig.awaitIdle();
    }

    @Test
    void nobodyIsAskedWhereTheStrategyDoesNotWantToKnow() throws Exception {
        rig.wantsSignals = false;
        client.post("model=auto");
        answers(up, "auto");
        assertThat(last("up").models()).isEmpty();
    }

    @Test
    void whoCannotBeAskedIsUnavailableWithTheReasonAndNotAskedAgainAtOnce() throws Exception {
        client.post("model=auto");
        up.next().answers(503, "", "");
        answers(other, "o");
        assertThat(last("up").unavailable()).isEqualTo("it does not say which models it has");

        client.post("model=auto");
        answers(other, "o");
        assertThat(up.quiet()).isTrue();
    }

    @Test
    void whoOnlyHasNoSignalsIsAskedForAuto() throws Exception {
        client.post("model=auto");
        up.next().answers(404, "", "no such page");
        answers(up, "auto");
        assertThat(last("up").unavailable()).isNull();
    }

    @Test
    void whatIsOldIsRenewedBehindTheRequestThatFoundIt() throws Exception {
        rig.change("[routing]\nsignals_ms = 1000\n");
        client.post("model=auto");
        up.next().answers(200, "", "first\n");
        answers(up, "first");
        long old = System.nanoTime() + 1_100_000_000L;
        while (System.nanoTime() - old < 0) {
            Thread.onSpinWait();
        }
        client.post("model=auto");
        Upstream.Asked one = up.next();
        Upstream.Asked two = up.next();
        boolean listing = one.head.startsWith("GET");
        (listing ? one : two).answers(200, "", "second\n");
        assertThat((listing ? two : one).body).isEqualTo("first");
        (listing ? two : one).answers(200, "", "hi\n.\n");
        assertThat(client.body(client.head())).isEqualTo("hi");
        rig.awaitIdle();

        client.post("model=auto");
        answers(up, "second");
    }

    @Test
    void theyAreTheProvidersListOfModelsToo() throws Exception {
        client.post("model=best");
        Upstream.Asked listing = other.next();
        up.next().answers(200, "", "best\n");
        listing.answers(200, "", "o\n");
        answers(up, "best");
        client.post("model=auto");
        answers(up, "best");
    }

    @Test
    void whoTakesAProvidersPlaceIsAskedAnewThoughTheOtherWasBeingAsked() throws Exception {
        client.post("model=auto");
        Upstream.Asked before = up.next();
        rig.replace("up");
        try (Client second = rig.client()) {
            second.post("model=auto");
            Upstream.Asked after = up.next();
            assertThat(after.head).startsWith("GET /v1/models");
            after.answers(200, "", "new\n");
            Upstream.Asked chat = up.next();
            assertThat(chat.body).isEqualTo("new");
            chat.answers(200, "", "hi\n.\n");
            assertThat(second.body(second.head())).isEqualTo("hi");
        }
        before.answers(200, "", "old\n");
        up.next().answers(200, "", "hi\n.\n");
        assertThat(client.body(client.head())).isEqualTo("hi");

        client.post("model=auto");
        answers(up, "new");
    }

    @Test
    void aProvidersOwnAutoMayStandBehindAnAlias() throws Exception {
        rig.provider("up").autoBy = "its-own";
        rig.change("[models.aliases]\nmine = \"up/auto\"\nboth = [\"other/o\", \"up/auto\"]\n");
        client.post("model=mine");
        up.next().answers(200, "", "best\n");
        answers(up, "best");

        client.post("model=both");
        other.next().answers(500, "", "");
        answers(up, "best");
    }

    @Test
    void theStrategyOfAnAliasHearsOfThemToo() throws Exception {
        rig.change("[models.aliases.mine]\ntargets = [\"other/o\", \"up/second\"]\nstrategy = \"order\"\n");
        client.post("model=mine");
        up.next().answers(200, "", "best\n");
        answers(other, "o");
        assertThat(last("up").models()).extracting(Model::id).containsExactly("best");
        assertThat(last("up").model()).isEqualTo("second");
    }

    @Test
    void theStrategyOfANameThatSeveralServeHearsOfThemToo() throws Exception {
        client.post("model=o");
        Upstream.Asked listing = other.next();
        up.next().answers(200, "", "o\n");
        listing.answers(200, "", "o\n");
        answers(up, "o");
        assertThat(last("up").models()).extracting(Model::id).containsExactly("o");
        assertThat(last("other").model()).isEqualTo("o");
    }

    @Test
    void aProvidersOwnAutoIsWhatItsStrategySays() throws Exception {
        rig.provider("up").autoBy = "its-own";
        client.post("model=up/auto fallbacks=other");
        up.next().answers(200, "", "best\n");
        answers(up, "best");
        assertThat(seen.get(0).candidates()).hasSize(1);

        rig.strategy = null;
        client.post("model=up/auto");
        answers(up, "auto");
        assertThat(Objects.requireNonNull(rig.provider("up").autoBy())).isEqualTo("its-own");
    }
}
