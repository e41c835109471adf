package dev.hmap;

/**
 * A codec of hmap's own whose values are equal if, and only if, their bytes are; arrays by content.
 * So the writer can compare them, who knows bytes only.
 */
interface CanonicalCodec<T> extends Codec<T> {}
