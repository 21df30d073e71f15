/** What a catalogue bundle gives: facts about vendors' models as of a date. Data only. */
@Export
@Version("1.1.0")
@NullMarked
package dev.thanosgateway.api.catalog;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
