package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.host.http.TwoUpstreams;
import dev.thanosgateway.host.http.Upstream;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers by which coding agents name their session. */
final class SessionsTest extends TwoUpstreams {
    private final AtomicReference<String> session = new AtomicReference<>();

    @BeforeEach
    void start() throws Exception {
        open(tables("m", "n"));
        rig.strategy = (request, snapshot) -> {
            session.set(String.valueOf(request.session()));
            return Plan.inOrder(snapshot.candidates());
        };
    }

    private Upstream.Asked asked(String headers) throws Exception {
        client.post(headers, "model=auto");
        Upstream.Asked asked = a.next().answers(200, "", "one\n.\n");
        assertThat(client.body(client.head())).isEqualTo("one");
        return asked;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Claude-Code-Session-Id",
                "session_id",
                "Session-Id",
                "conversation_id",
                "X-Session-Id",
                "x-session-affinity",
                "x-opencode-session",
                "X-Amp-Thread-Id"
            })
    void eachIsSeenByTheStrategyAndGoesUpstream(String header) throws Exception {
        Upstream.Asked asked = asked(header + ": s-1\r\n");
        assertThat(session).hasValue("s-1");
        assertThat(asked.head).containsIgnoringCase(header + ": s-1\r\n");
    }

    @Test
    void ofSeveralTheMostTellingCountsAndAnAbsurdOneDoesNot() throws Exception {
        asked("x-session-id: b\r\nx-claude-code-session-id: a\r\n");
        assertThat(session).hasValue("a");
        asked("x-claude-code-session-id: " + "a".repeat(300) + "\r\nsession_id: b\r\n");
        assertThat(session).hasValue("b");
        asked("session_id: \r\n");
        assertThat(session).hasValue("null");
        assertThat(Sessions.of(List.of())).isNull();
    }
}
