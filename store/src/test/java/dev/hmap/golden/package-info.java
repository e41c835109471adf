/**
 * The stores in {@code format-spec/golden}, for readers in any language: how they are made, and the
 * checks that the library and the reader in {@code format-spec/reader} find in them what their
 * listings say.
 */
package dev.hmap.golden;
