/** Opens a store from whatever a crash left, and creates one. */
@NullMarked
package dev.hmap.recovery;

import org.jspecify.annotations.NullMarked;
