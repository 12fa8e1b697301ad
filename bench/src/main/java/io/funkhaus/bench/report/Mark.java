package io.funkhaus.bench.report;

/** How a figure stands against its goal. */
public enum Mark {
  DREAM("★ dream"),
  REACHED("✓ reached"),

  /** It has no goal, and is not as good as dreamt of. */
  MEASURED("measured"),
  MISSED("✗ missed"),
  FAILED("– failed");

  private final String text;

  Mark(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
