package dev.thanosgateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Half of a surrogate pair is no text: every path refuses it, wherever it stands. */
class SurrogatesIT {
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway = Gateway.with(Gateway.ANY_PORT).start();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1/chat/completions|{'model':'H','messages':[{'role':'user','content':'x'}]}",
                "/v1/chat/completions|{'model':'echo/echo','messages':[{'role':'user','content':'H'}]}",
                "/v1/chat/completions|{'model':'echo/echo','messages':[{'role':'user','content':'x'}],"
                        + "'tools':[{'type':'function','function':{'name':'H'}}]}",
                "/v1/responses|{'model':'H','input':'x'}",
                "/v1/responses|{'model':'echo/echo','input':'H'}",
                "/v1/completions|{'model':'echo/echo','prompt':'H'}",
                "/v1/embeddings|{'model':'H','input':'x'}",
                "/v1/messages|{'model':'H','max_tokens':9,'messages':[{'role':'user','content':'x'}]}",
                "/v1/messages|{'model':'echo/echo','max_tokens':9,'messages':[{'role':'user','content':'H'}]}",
                "/v1/messages|{'model':'echo/echo','max_tokens':9,'messages':[{'role':'user','content':'x'}],"
                        + "'tools':[{'name':'H','input_schema':{'type':'object'}}]}",
                "/v1/messages/count_tokens|{'model':'echo/echo','messages':[{'role':'user','content':'H'}]}",
                "/v1beta/models/echo:generateContent|{'contents':[{'parts':[{'text':'H'}]}]}",
                "/v1beta/models/echo:streamGenerateContent|{'contents':[{'parts':[{'text':'H'}]}]}",
                "/v1beta/models/echo:embedContent|{'content':{'parts':[{'text':'H'}]}}",
                "/api/chat|{'model':'H','messages':[{'role':'user','content':'x'}]}",
                "/api/chat|{'model':'echo/echo','messages':[{'role':'user','content':'H'}]}",
                "/api/generate|{'model':'echo/echo','prompt':'H'}",
                "/api/embed|{'model':'echo/echo','input':['H']}",
                "/api/show|{'model':'H'}"
            })
    void halfAPairIsRefused(String path, String body) throws Exception {
        String json = body.replace('\'', '"');
        HttpResponse<String> refused = gateway.post(path, json.replace("H", "\\ud800"));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(refused.body()).contains("half of a surrogate pair at byte");
        HttpResponse<String> whole = gateway.post(path, json.replace("H", "\\ud83d\\ude00"));
        assertThat(whole.body()).doesNotContain("surrogate");
    }
}
