package dev.thanosgateway.provider.omen;

import dev.thanosgateway.api.provider.Signals;
import dev.thanosgateway.tck.SignalsTck;

class OmenSignalsTckTest extends SignalsTck {
    @Override
    protected Signals provider() {
        return new OmenProvider();
    }
}
