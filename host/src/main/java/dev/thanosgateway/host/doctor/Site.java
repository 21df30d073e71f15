package dev.thanosgateway.host.doctor;

import dev.thanosgateway.host.admin.Instance;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is looked at.
 *
 * @param plugins the plugins folder
 * @param state the folder of what is kept
 * @param working what relative names are relative to
 * @param config the file named on the command line; null = look in the usual places
 * @param running gateways of this user that are running now
 */
public record Site(
        Path plugins,
        Path state,
        Path working,
        @Nullable Path config,
        Map<String, String> environment,
        List<Instance> running) {}
