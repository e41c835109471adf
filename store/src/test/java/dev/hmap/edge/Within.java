package dev.hmap.edge;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs what could hang on a thread that may be left behind: an interrupt does not end a call. */
public final class Within {
  private Within() {}

  /** What the task returns, if it does within a minute. */
  public static <T> T aMinute(String what, Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    Thread thread = Thread.ofPlatform().daemon().start(future);
    try {
      return future.get(1, TimeUnit.MINUTES);
    } catch (TimeoutException e) {
      AssertionError hangs = new AssertionError(what + ": hangs", e);
      hangs.setStackTrace(thread.getStackTrace());
      throw hangs;
    } catch (ExecutionException e) {
      throw rethrown(what, e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError(what + ": interrupted", e);
    }
  }

  private static RuntimeException rethrown(String what, Throwable cause) {
    if (cause instanceof RuntimeException e) {
      throw e;
    }
    if (cause instanceof AssertionError e) {
      throw e;
    }
    throw new AssertionError(what + ": " + cause, cause);
  }
}
