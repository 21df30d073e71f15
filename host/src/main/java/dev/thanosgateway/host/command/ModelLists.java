package dev.thanosgateway.host.command;

import dev.thanosgateway.host.plugins.CatalogJar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The lists of a catalogue as somebody gives them: one file, or a folder, zip or jar that holds them. */
final class ModelLists {
    private static final String MODELS = CatalogJar.LISTS.get(0);

    private ModelLists() {}

    /**
     * Reads the lists. Blocking.
     *
     * @return by name, each one of {@link CatalogJar#LISTS}; at least one
     * @throws IOException when there is none, or one is too large
     */
    static Map<String, byte[]> at(Path from) throws IOException {
        Map<String, byte[]> lists = new HashMap<>();
        if (Files.isDirectory(from)) {
            for (String name : CatalogJar.LISTS) {
                if (Files.exists(from.resolve(name))) {
                    lists.put(name, limited(Files.newInputStream(from.resolve(name)), name));
                }
            }
        } else if (isZip(from)) {
            zipped(from, lists);
        } else {
            String file = String.valueOf(from.getFileName());
            String name = CatalogJar.LISTS.contains(file) ? file : MODELS;
            lists.put(name, limited(Files.newInputStream(from), file));
        }
        if (lists.isEmpty()) {
            throw new IOException("it holds none of " + String.join(", ", CatalogJar.LISTS));
        }
        return lists;
    }

    private static boolean isZip(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] magic = in.readNBytes(4);
            return magic.length == 4 && magic[0] == 'P' && magic[1] == 'K' && magic[2] == 3 && magic[3] == 4;
        }
    }

    private static void zipped(Path file, Map<String, byte[]> lists) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                if (CatalogJar.LISTS.contains(name)
                        && lists.put(name, limited(zip.getInputStream(entry), entry.getName())) != null) {
                    throw new IOException("it holds several files named " + name);
                }
            }
        }
    }

    private static byte[] limited(InputStream bytes, String name) throws IOException {
        try (bytes) {
            byte[] all = bytes.readNBytes(CatalogJar.LIST_BYTES_LIMIT + 1);
            if (all.length > CatalogJar.LIST_BYTES_LIMIT) {
                throw new IOException(name + " has more than " + (CatalogJar.LIST_BYTES_LIMIT >> 20) + " MiB");
            }
            return all;
        }
    }
}
