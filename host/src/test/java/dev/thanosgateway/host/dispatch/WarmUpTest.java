package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.ErrorKind;
import dev.thanosgateway.api.GatewayException;
import dev.thanosgateway.api.provider.LocalChat;
import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.TwoUpstreams;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that want no answer, only a model that is ready. */
final class WarmUpTest extends TwoUpstreams {
    @BeforeEach
    void start() throws Exception {
        open(Rig.table("a", a) + Rig.table("b", b) + "[models.aliases]\nboth = [\"a/m\", \"b/n\"]\n");
    }

    @Test
    void whoCannotBeToldIsNotAskedAndTheAnswerIsEmpty() throws Exception {
        for (String how : new String[] {"", " stream=1"}) {
            client.post("model=a/m idle=1" + how);
            Client.Head head = client.head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.field("x-thanos-provider")).isEqualTo("a");
            assertThat(client.body(head)).isEqualTo(how.isEmpty() ? "" : "data: [DONE]\n\n");
        }
        assertThat(a.quiet()).isTrue();
        rig.awaitIdle();
    }

    @Test
    void whoCanBeToldIsAsked() throws Exception {
        client.post("model=a/m idle=1 relay=1");
        a.next().answers(200, "", "loaded\n");
        assertThat(client.body(client.head())).isEqualTo("loaded");
    }

    @Test
    void whoFailsIsFollowedByTheNextTarget() throws Exception {
        client.post("model=both idle=1 relay=1");
        a.next().answers(500, "", "broken");
        b.next().answers(200, "", "loaded\n");
        assertThat(client.body(client.head())).isEqualTo("loaded");
    }

    @Test
    void aProviderOfThisProcessThatCannotBeToldIsNoFailureEither() throws Exception {
        LocalChat unable = request -> {
            throw new GatewayException(ErrorKind.UNSUPPORTED, "There is nothing to say.");
        };
        rig.provider("a").service = unable;
        client.post("model=a/m idle=1");
        Client.Head head = client.head();
        assertThat(head.status()).isEqualTo(200);
        assertThat(client.body(head)).isEmpty();
        rig.awaitIdle();
    }
}
