package io.funkhaus.api.function;

import io.funkhaus.api.problem.InvalidValueException;
import org.jspecify.annotations.Nullable;

/**
 * Where an alias points to.
 *
 * @param version gets all calls, or those the additional version does not get
 */
public record AliasRouting(VersionNumber version, @Nullable Share additional) {

  /** A second version and the share of calls it gets, 0 to 1. */
  public record Share(VersionNumber version, double weight) {

    /** Refuses what is no share. */
    public Share {
      if (!(weight >= 0 && weight <= 1)) {
        throw new InvalidValueException(
            "additionalVersion.weight", weight, "weight must be 0 to 1, was " + weight);
      }
    }
  }

  /** Refuses a split between one version and itself. */
  public AliasRouting {
    if (additional != null && additional.version().equals(version)) {
      throw new InvalidValueException(
          "additionalVersion.version",
          version.value(),
          "additionalVersion must be another version than " + version);
    }
  }

  /**
   * The version for one call.
   *
   * @param random from 0 (inclusive) to 1 (exclusive)
   */
  public VersionNumber pick(double random) {
    return additional != null && random < additional.weight() ? additional.version() : version;
  }
}
