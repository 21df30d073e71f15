package dev.thanosgateway.host.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thanosgateway.api.chat.ChatContent;
import dev.thanosgateway.api.chat.ChatRequest;
import dev.thanosgateway.api.chat.Message;
import dev.thanosgateway.api.chat.Part;
import dev.thanosgateway.api.chat.Role;
import dev.thanosgateway.api.chat.Tool;
import dev.thanosgateway.api.routing.Plan;
import dev.thanosgateway.host.http.Client;
import dev.thanosgateway.host.http.Rig;
import dev.thanosgateway.host.http.Upstream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is left out for what is known of its model. */
final class NeedsTest {
    private static Upstream a;
    private static Upstream b;
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        a = new Upstream();
        b = new Upstream();
        rig = new Rig(Rig.table("a", a) + "model = \"blind\"\n" + Rig.table("b", b) + "model = \"m\"\n" + """
                [routing]
                fallback_chain = ["b", "a/small"]
                [models.aliases]
                list = ["a/blind", "b/m"]
                one = "a/blind"
                small = ["a/small", "b/m"]
                unable = ["a/blind", "a/small"]
                """);
        rig.strategy = (request, snapshot) -> Plan.inOrder(snapshot.candidates());
        try (Client client = rig.client()) {
            client.get("/toy/models", "");
            a.next()
                    .answers(
                            200,
                            "",
                            "blind lacking=vision\nsmall lacking=vision,functions context=1000\nsame lacking=vision");
            b.next().answers(200, "", "m\nsame");
            client.body(client.head());
        }
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
        a.close();
        b.close();
    }

    private static Map<String, @Nullable Object> plan(String model, String needs, int characters, String... fallbacks)
            throws Exception {
        Part text = new Part.Text("x".repeat(characters));
        Part image = new Part.Image(new Part.Source.Url("http://image.invalid/"), null, Map.of());
        ChatContent content = ChatContent.builder()
                .messages(List.of(Message.of(Role.USER, needs.equals("image") ? List.of(text, image) : List.of(text))))
                .tools(needs.equals("tools") ? List.of(Tool.function("f", null, null)) : List.of())
                .build();
        return rig.service.dryRun(ChatRequest.builder(model)
                .fallbacks(List.of(fallbacks))
                .content(content)
                .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The chain is looked at like the plan, and only what is known counts.
                "auto    | image | 0    | [b/m]",
                "auto    | tools | 0    | [a/blind, b/m]",
                "auto    | text  | 0    | [a/blind, b/m, a/small]",
                "same    | image | 0    | [b/same]",
                "list    | image | 0    | [b/m]",
                "list    | tools | 0    | [a/blind, b/m]",
                // Four characters are taken for a token; a quarter more than fits may still fit.
                "small   | text  | 4900 | [a/small, b/m]",
                "small   | text  | 5100 | [b/m]",
                // Where nobody can, all stay.
                "unable  | image | 0    | [a/blind, a/small]",
                // What a name pins is asked, whatever is known of it; what stands behind it in the chain is not.
                "a/blind | image | 0    | [a/blind]",
                "one     | image | 0    | [a/blind]",
                "b/m     | image | 0    | [b/m]",
                "b/m     | text  | 0    | [b/m, a/small]",
            })
    void whoIsKnownToLackWhatIsNeededIsLeftOut(String model, String needs, int characters, String order)
            throws Exception {
        assertThat(plan(model, needs, characters).get("order")).hasToString(order);
    }

    @Test
    void whatTheRequestItselfNamesIsAsked() throws Exception {
        assertThat(plan("b/m", "image", 0, "a/blind").get("order")).hasToString("[b/m, a/blind]");
        assertThat(plan("b/m", "image", 0, "auto").get("left_out"))
                .hasToString("{a/blind=its model 'blind' takes no images}");
    }

    @Test
    void anEntryOfTheChainIsJudgedByTheModelItNames() throws Exception {
        try (Rig other = new Rig(Rig.table("a", a) + "model = \"blind\"\n" + Rig.table("b", b) + """
                model = "m"
                [routing]
                fallback_chain = ["a/seeing", "b"]
                """)) {
            other.strategy = (request, snapshot) -> {
                Plan.Builder plan = Plan.builder();
                snapshot.texts("fallback_chain").forEach(entry -> plan.add(entry, snapshot, true, "it is not there"));
                return plan.build();
            };
            try (Client client = other.client()) {
                client.get("/toy/models", "");
                a.next().answers(200, "", "blind lacking=vision\nseeing");
                b.next().answers(200, "", "m lacking=functions");
                client.body(client.head());
            }
            ChatContent content = ChatContent.builder()
                    .messages(List.of(Message.of(
                            Role.USER,
                            List.of(new Part.Image(new Part.Source.Url("http://image.invalid/"), null, Map.of())))))
                    .build();
            assertThat(other.service
                            .dryRun(ChatRequest.builder("auto").content(content).build())
                            .get("order"))
                    .hasToString("[a/seeing, b/m]");
        }
    }

    @Test
    void thePlanSaysWhatWasNeededAndWhy() throws Exception {
        Map<String, @Nullable Object> plan = plan("auto", "image", 400);
        assertThat(plan.get("needs")).hasToString("[vision, about 100 tokens]");
        assertThat(plan.get("left_out"))
                .hasToString("{a/blind=its model 'blind' takes no images, a/small=its model 'small' takes no images}");
        assertThat(plan("b/m", "image", 400, "b/n").get("needs")).hasToString("[]");
    }
}
