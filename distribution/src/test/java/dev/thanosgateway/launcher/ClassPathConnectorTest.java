package dev.thanosgateway.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.slf4j.LoggerFactory;

class ClassPathConnectorTest {
    @TempDir
    private Path folder;

    private Framework framework;

    @BeforeEach
    void start() throws BundleException {
        framework = new FrameworkFactory()
                .newFramework(
                        Map.of(
                                Constants.FRAMEWORK_STORAGE,
                                folder.resolve("storage").toString()),
                        new ClassPathConnector());
        framework.start();
    }

    @AfterEach
    void stop() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
    }

    private Bundle plugin(String imports) throws Exception {
        Path jar = folder.resolve("plugin.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("META-INF/MANIFEST.MF"));
            out.write(("Manifest-Version: 1.0\r\nBundle-ManifestVersion: 2\r\nBundle-SymbolicName: plugin\r\n"
                            + "Import-Package: " + imports + "\r\n\r\n")
                    .getBytes());
            out.closeEntry();
        }
        return framework.getBundleContext().installBundle(jar.toUri().toString());
    }

    private static Path jarOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Test
    void aJarOfTheClassPathIsABundleWithTheClassPathsClassesAlthoughItAsksForAServiceLoaderMediator() throws Exception {
        Bundle slf4j =
                framework.getBundleContext().installBundle(ClassPathConnector.location(jarOf(LoggerFactory.class)));
        slf4j.start();
        assertThat(slf4j.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(slf4j.getEntry("META-INF/MANIFEST.MF")).isNotNull();

        Bundle plugin = plugin("org.slf4j;version=\"[2,3)\"");
        plugin.start();
        assertThat(plugin.loadClass("org.slf4j.LoggerFactory")).isSameAs(LoggerFactory.class);
    }

    @Test
    void whatIsNoBundleOnTheClassPathStaysInvisible() throws Exception {
        Bundle plugin = plugin("org.assertj.core.api");

        assertThatThrownBy(plugin::start)
                .isInstanceOf(BundleException.class)
                .hasMessageContaining("org.assertj.core.api");
        assertThatThrownBy(() -> plugin.loadClass("org.assertj.core.api.Assertions"))
                .isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void onlyRequirementsOfAServiceLoaderMediatorAreLeftOut() {
        String other = "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=1.8))\"";
        String mediator = "osgi.extender;filter:=\"(&(osgi.extender=osgi.serviceloader.processor)(version>=1,0))\"";
        assertThat(ClassPathConnector.withoutServiceLoader(
                        mediator + ",osgi.serviceloader;filter:=\"(osgi.serviceloader=a.B)\"," + other))
                .isEqualTo(other);
        assertThat(ClassPathConnector.withoutServiceLoader(mediator)).isEmpty();
    }
}
