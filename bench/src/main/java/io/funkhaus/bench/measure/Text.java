package io.funkhaus.bench.measure;

import java.util.Locale;

/** Figures as they are printed. */
final class Text {
  private Text() {}

  static String number(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  static String decimals(double value, int places) {
    return String.format(Locale.ROOT, "%,." + places + "f", value);
  }

  static String millis(double value) {
    return decimals(value, value < 10 ? 2 : value < 100 ? 1 : 0) + " ms";
  }

  static String ratio(double value) {
    return decimals(value, 2) + "×";
  }

  static String percent(double share) {
    return decimals(share * 100, 1) + " %";
  }

  static String megabytes(double bytes) {
    return decimals(bytes / 1e6, 1) + " MB";
  }
}
