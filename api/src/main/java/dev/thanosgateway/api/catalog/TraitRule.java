package dev.thanosgateway.api.catalog;

import dev.thanosgateway.api.chat.ModelTraits;
import java.util.List;

/**
 * What is known of the models whose names match. Immutable.
 *
 * @param profile the profile of the endpoints it holds for; {@link TraitTable#EVERYWHERE} = wherever a model is served
 * @param models patterns of names, of which one must match: {@code *} stands for anything, upper and lower case are the
 *     same; compared with the whole id and with what follows its last slash
 * @param traits what these models take
 */
public record TraitRule(String profile, List<String> models, ModelTraits traits) {
    public TraitRule {
        models = List.copyOf(models);
    }
}
