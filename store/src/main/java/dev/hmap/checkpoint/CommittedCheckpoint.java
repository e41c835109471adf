package dev.hmap.checkpoint;

import dev.hmap.format.StoreHeader;

/**
 * A checkpoint that was committed, and is to be put in place yet: readers held it up when the store
 * was opened. In memory its pages are over those of the file.
 *
 * @param before the header in the file
 * @param header with which the images end
 * @param images of its pages, whose segments are kept
 */
public record CommittedCheckpoint(StoreHeader before, StoreHeader header, PageImageReader images) {}
