package dev.hmap.write;

import dev.hmap.error.HMapException;

/**
 * Why a write was not done. The exception is made by the thread that asks for it, so that the
 * writer makes none, and each caller gets one with its own stack.
 */
@FunctionalInterface
interface Refusal {
  /** A new exception that says why. */
  HMapException exception();
}
