package dev.thanosgateway.host;

import java.security.SecureRandom;
import java.time.ZoneId;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens at the start what the JDK and the class path open on first use. A class whose initialisation fails for want of
 * a file descriptor stays broken until the process ends.
 */
final class Descriptors {
    private static final Logger LOG = LoggerFactory.getLogger(Descriptors.class);

    private Descriptors() {}

    /** Every jar of the class path, by a search that finds nothing; the entropy source; the time zones. */
    static void openAll() {
        Object nothing = ClassLoader.getSystemResource("no/such/resource");
        int random = new SecureRandom().nextInt() ^ UUID.randomUUID().hashCode();
        Object zone = ZoneId.systemDefault().getRules();
        LOG.trace("Opened: {} {} {}", nothing, random, zone);
    }
}
