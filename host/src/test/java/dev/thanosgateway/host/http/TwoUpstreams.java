package dev.thanosgateway.host.http;

import org.junit.jupiter.api.AfterEach;

/** What a test has that asks two toy providers, a and b: their upstreams, the rig before them, and a client of it. */
public abstract class TwoUpstreams {
    protected final Upstream a = new Upstream();
    protected final Upstream b = new Upstream();
    protected Rig rig;
    protected Client client;

    /** Both tables, each with the model of its provider. */
    protected final String tables(String modelOfA, String modelOfB) {
        return Rig.table("a", a) + "model = \"" + modelOfA + "\"\n" + Rig.table("b", b) + "model = \"" + modelOfB
                + "\"\n";
    }

    protected final void open(String toml) throws Exception {
        rig = new Rig(toml);
        client = rig.client();
    }

    /** Finds whatever a call has left behind. */
    @AfterEach
    protected final void close() throws Exception {
        client.close();
        rig.awaitIdle();
        rig.close();
        a.close();
        b.close();
    }
}
