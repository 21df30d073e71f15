package dev.thanosgateway.catalog.models;

import dev.thanosgateway.api.catalog.CatalogModel;
import dev.thanosgateway.api.catalog.ModelCatalog;
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

/** What {@code models.txt} says; a newer list is a newer version of this bundle, put over the old one. */
@Component
public final class VendorModels implements ModelCatalog {
    private final CatalogFile file;

    /** @throws IOException when the list cannot be read; the message names the line */
    @Activate
    public VendorModels() throws IOException {
        try (InputStream bytes = VendorModels.class.getResourceAsStream("models.txt")) {
            if (bytes == null) {
                throw new IOException("the bundle has no models.txt beside its classes");
            }
            file = CatalogFile.read(new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8)));
        }
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
    public Map<String, String> defaults() {
        return file.defaults();
    }
}
