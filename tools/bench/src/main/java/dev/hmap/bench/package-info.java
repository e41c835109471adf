/**
 * Measures hmap beside other engines in one run. {@link dev.hmap.bench.Main} plans the trials and
 * reports; each trial is a {@link dev.hmap.bench.Worker}, a JVM of its own.
 */
@NullMarked
package dev.hmap.bench;

import org.jspecify.annotations.NullMarked;
