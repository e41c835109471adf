package dev.hmap.report;

import java.util.List;

/**
 * What {@link dev.hmap.HMapAdmin#verify} found.
 *
 * @param findings all of them
 */
public record Verification(List<Finding> findings) {
  /** Whether nothing is damaged. */
  public boolean isSound() {
    return findings.stream().noneMatch(Finding::isDamage);
  }
}
