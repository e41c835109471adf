package dev.hmap.table;

import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.Outcome;

/** What a reader may see, in every test. */
@Outcome(
    id = {"OLD", "NEW"},
    expect = Expect.ACCEPTABLE,
    desc = "before or after the change")
@Outcome(id = "CHANGE", expect = Expect.ACCEPTABLE, desc = "during the change")
@Outcome(expect = Expect.FORBIDDEN, desc = "never")
final class Grading {
  private Grading() {}
}
