package dev.thanosgateway.host.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestHeadersTest {
    @ParameterizedTest
    @ValueSource(strings = {"Host", "host ", " Host", "x\ty", "x:y", "x\r\nhost", "x\0", "x(y)", "h\u00f6st", ""})
    void aNameThatIsNoTokenOrIsTheGatewaysOwnIsRefused(String name) {
        assertThatThrownBy(() -> RequestHeaders.checked(name)).isInstanceOf(RefusedCallException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic-version", "X-Custom_1", "x.y~z"})
    void aTokenIsTakenAsItIs(String name) {
        assertThat(RequestHeaders.checked(name)).isEqualTo(name);
    }
}
