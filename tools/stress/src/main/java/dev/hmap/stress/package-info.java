/** Runs the jcstress tests. Imports nothing of the store. */
@NullMarked
package dev.hmap.stress;

import org.jspecify.annotations.NullMarked;
