package dev.hmap.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hmap.error.StoreFailedException;
import dev.hmap.error.StoreFullException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The first failure of a store counts, and is named to whoever asks; a full disk is none. */
class FailureTest {
  private final List<Throwable> marked = new ArrayList<>();
  private final Failure failure = new Failure(SmallWriter.NAMES, marked::add);

  @Test
  void theFirstCauseCounts() {
    IOException first = new IOException("first");
    failure.set(first);
    failure.set(new IOException("second"));
    assertThat(marked).containsExactly(first);
    assertThat(failure.refusal().exception())
        .isInstanceOf(StoreFailedException.class)
        .hasMessage("/store.hmap refuses writes since a failure: java.io.IOException: first")
        .hasCause(first);
  }

  @Test
  void eachCallerGetsAnExceptionOfHisOwn() {
    Refusal refusal = failure.setAndRefuse(new IOException("Input/output error"));
    assertThat(refusal.exception()).isNotSameAs(refusal.exception());
  }

  @Test
  void aFullDiskRefusesOneWriteAndDoesNotFailTheStore() {
    Refusal refusal =
        failure.refuse("has no room for a write", new IOException("No space left on device"));
    assertThat(refusal.exception())
        .isInstanceOf(StoreFullException.class)
        .hasMessage("/store.hmap has no room for a write: No space left on device");
    assertThat(failure.isSet()).isFalse();
    assertThat(failure.refusal()).isNull();
  }

  @Test
  void anyOtherFailedCallFailsTheStore() {
    Refusal refusal =
        failure.refuse("has no room for a write", new IOException("Input/output error"));
    assertThat(refusal.exception()).isInstanceOf(StoreFailedException.class);
    assertThat(failure.isSet()).isTrue();
  }

  @Test
  void whatGoesWrongWhenItIsNotedIsSuppressed() {
    IllegalStateException further = new IllegalStateException("no mark can be left");
    Failure unmarked =
        new Failure(
            SmallWriter.NAMES,
            _ -> {
              throw further;
            });
    IOException first = new IOException("first");
    unmarked.set(first);
    assertThat(unmarked.isSet()).isTrue();
    assertThat(first.getSuppressed()).containsExactly(further);
  }
}
