package dev.hmap.store;

import dev.hmap.recovery.OpenedStore;
import dev.hmap.write.WriterStats;

/**
 * The statistics of an open store.
 *
 * @param writer taken between two writes
 * @param opening what opening it last had to do
 * @param lag behind the writer
 */
public record StoreStats(WriterStats writer, OpenedStore.Report opening, Follower.Lag lag) {}
