package dev.thanosgateway.host.doctor;

import dev.thanosgateway.host.admin.AdminClient;
import dev.thanosgateway.host.admin.AdminException;
import dev.thanosgateway.host.admin.Instance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What gateways that run now have learned of their providers. Blocking; asks each. */
final class RunningChecks {
    private RunningChecks() {}

    static List<Finding> health(List<Instance> running) {
        List<Finding> findings = new ArrayList<>();
        for (Instance gateway : running) {
            try {
                JsonNode health = AdminClient.call(gateway.socket(), "health");
                health.properties().forEach(one -> findings.addAll(provider(gateway, one.getKey(), one.getValue())));
            } catch (IOException | AdminException e) {
                // It has just ended, or is older than this command.
            }
        }
        return findings;
    }

    private static List<Finding> provider(Instance gateway, String id, JsonNode health) {
        List<Finding> findings = new ArrayList<>();
        String where = "The gateway " + gateway.pid() + " at " + gateway.url() + ": ";
        for (Map.Entry<String, JsonNode> one : health.path("set_aside").properties()) {
            String why = one.getValue().asString("");
            String error = health.path("error").asString("");
            // Where nothing failed, that it is set aside is the error.
            String said = error.isEmpty() || error.contains(why) ? "" : " It said last: " + error;
            findings.add(new Finding(
                    where + id + "/" + one.getKey() + " is set aside, since " + why + "." + said,
                    "Look at the provider's own state; thanos explain tells what became of a request."));
        }
        for (Map.Entry<String, JsonNode> one : health.path("resting_keys").properties()) {
            String why = one.getValue().asString("");
            findings.add(new Finding(
                    where + one.getKey() + " of providers." + id + " rests, since " + why + ".",
                    why.contains("refused")
                            ? "Set a valid one at its place in api_keys of [providers." + id + "], or take it out."
                            : "Wait, or raise the limits of its account with the vendor."));
        }
        return findings;
    }
}
