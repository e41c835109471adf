/**
 * hmap: an embedded, durable lookup table for JVM applications.
 *
 * <pre>{@code
 * try (HMap<String, Long> visits = HMap.open(Path.of("visits.hmap"), Codec.STRING, Codec.LONG)) {
 *   visits.put("/", 1L); // returns when it is on disk
 *   Long n = visits.get("/"); // no lock, no system call
 * }
 * }</pre>
 *
 * <p>Start with {@link dev.hmap.HMap}. The only package besides {@code dev.hmap.error} that
 * applications use.
 */
@NullMarked
package dev.hmap;

import org.jspecify.annotations.NullMarked;
