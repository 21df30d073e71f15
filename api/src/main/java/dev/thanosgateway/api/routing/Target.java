package dev.thanosgateway.api.routing;

/**
 * Where one attempt goes.
 *
 * @param provider the id of a provider
 * @param model the model's name there
 */
public record Target(String provider, String model) {
    @Override
    public String toString() {
        return provider + "/" + model;
    }
}
