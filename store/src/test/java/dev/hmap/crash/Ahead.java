package dev.hmap.crash;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Tasks that run two at a time, in their order, ahead of the tests that wait for them.
 *
 * @param <K> tells the tasks apart
 * @param <V> what they return
 */
final class Ahead<K, V> {
  private static final int THREADS = 2;

  private final Map<K, Future<V>> results = new LinkedHashMap<>();

  /** What is done for a key. */
  @FunctionalInterface
  interface Task<K, V> {
    V of(K key) throws Exception;
  }

  /** Begins with the tasks. */
  Ahead(Collection<K> keys, Task<K, V> task) {
    ExecutorService threads =
        Executors.newFixedThreadPool(THREADS, each -> Thread.ofPlatform().daemon().unstarted(each));
    keys.forEach(key -> results.put(key, threads.submit(() -> task.of(key))));
    threads.shutdown();
  }

  /** Waits for the task of a key, and returns or throws what it did. */
  V of(K key) throws Exception {
    try {
      return results.get(key).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (Exception) e.getCause();
    }
  }
}
