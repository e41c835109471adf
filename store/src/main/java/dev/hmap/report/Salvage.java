package dev.hmap.report;

import java.util.List;

/**
 * What {@link dev.hmap.HMapAdmin#salvage} did.
 *
 * @param entries of the new store
 * @param lost entries of the last checkpoint that are not intact
 * @param findings what is damaged, at most some 10,000 lines
 */
public record Salvage(long entries, long lost, List<Finding> findings) {
  /** Whether nothing was damaged. */
  public boolean isWhole() {
    return lost == 0 && findings.stream().noneMatch(Finding::isDamage);
  }
}
