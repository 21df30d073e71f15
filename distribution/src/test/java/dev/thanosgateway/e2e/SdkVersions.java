package dev.thanosgateway.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** The versions of the SDKs under test, as {@code package.json} and {@code pom.xml} pin them. */
final class SdkVersions {
    private static final Pattern ALIAS = Pattern.compile("npm:(.+)@(.+)");
    private static final Pattern MAJOR = Pattern.compile("(.+) (\\d+)\\.x");
    private static final Pattern ARTIFACT = Pattern.compile(
            "<artifactId>([^<]+)</artifactId>\\s*<version>\\$\\{([^}]+)}</version>\\s*<scope>test</scope>");
    private static final Pattern PROPERTY = Pattern.compile("<([\\w.-]+\\.version)>([^<]+)</");

    private final Map<String, String> versions = new TreeMap<>();

    private SdkVersions(String packages, String pom) {
        JsonMapper.shared()
                .readTree(packages)
                .path("dependencies")
                .forEachEntry((name, version) -> npm(name, version.asString()));
        Map<String, String> properties = PROPERTY.matcher(pom)
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
        ARTIFACT.matcher(pom)
                .results()
                .filter(found -> properties.containsKey(found.group(2)))
                .forEach(found -> versions.put(found.group(1), properties.get(found.group(2))));
    }

    /** Those of this module, whose folder is the current one. */
    static SdkVersions read() {
        try {
            return new SdkVersions(
                    Files.readString(Path.of("src/test/node/package.json")), Files.readString(Path.of("pom.xml")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An alias stands for an older version of the package that it names. */
    private void npm(String name, String version) {
        Matcher alias = ALIAS.matcher(version);
        if (alias.matches()) {
            versions.put(alias.group(1) + " " + alias.group(2).replaceFirst("\\..*", ".x"), alias.group(2));
        } else {
            versions.put(name, version);
        }
    }

    /** By package or artifact; an older version of a package is named {@code PACKAGE MAJOR.x}. */
    Map<String, String> all() {
        return versions;
    }

    /** @param sdk {@code PACKAGE [with PACKAGE] [as API]} */
    String of(String sdk) {
        return Arrays.stream(sdk.replaceFirst(" as .*", "").split(" with "))
                .map(this::version)
                .collect(Collectors.joining(", "));
    }

    private String version(String name) {
        String exact = versions.get(name);
        Matcher major = MAJOR.matcher(name);
        String version = exact == null && major.matches() ? versions.get(major.group(1)) : exact;
        if (version == null) {
            throw new IllegalArgumentException("Neither package.json nor pom.xml has " + name + ".");
        }
        return version;
    }
}
