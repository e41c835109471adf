/** Memory ends at each place where hmap asks for some. */
package dev.hmap.memory;
