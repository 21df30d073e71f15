package dev.thanosgateway.catalog.models;

import dev.thanosgateway.api.catalog.CatalogModel;
import dev.thanosgateway.api.catalog.ModelCatalog;
import dev.thanosgateway.api.catalog.TraitRule;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** What {@code models.txt} and {@code traits.txt} say; a newer list is a newer version of this bundle, put over the old one. */
@Component
public final class VendorModels implements ModelCatalog {
    private final CatalogFile file;
    private final List<TraitRule> traits;

    /** @throws IOException when a file cannot be read; the message names the line */
    @Activate
    public VendorModels() throws IOException {
        try (BufferedReader lines = open("models.txt")) {
            file = CatalogFile.read(lines);
        }
        try (BufferedReader lines = open("traits.txt")) {
            traits = TraitFile.read(lines);
        }
    }

    private static BufferedReader open(String name) throws IOException {
        InputStream bytes = VendorModels.class.getResourceAsStream(name);
        if (bytes == null) {
            throw new IOException("the bundle has no " + name + " beside its classes");
        }
        return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public LocalDate date() {
        return file.date();
    }

    @Override
    public List<CatalogModel> models() {
        return file.models();
    }

    @Override
    public List<TraitRule> traits() {
        return traits;
    }

    @Override
    public Map<String, String> defaults() {
        return file.defaults();
    }
}
