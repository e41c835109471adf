package dev.hmap.report;

/**
 * The codecs of a store.
 *
 * @param key name and shape of the key codec
 * @param value name and shape of the value codec
 */
public record Shapes(String key, String value) {}
