/** The examples of the Javadoc: compiled with the tests, run by {@code SnippetsTest}. */
package dev.hmap.snippets;
