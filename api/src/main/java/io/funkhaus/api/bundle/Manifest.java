package io.funkhaus.api.bundle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What a bundle consists of. Its text is canonical: a first line with the version of the format,
 * then one line per file, {@code mode sha256 size path}, in the order of the paths' bytes; the
 * SHA-256 of that text is the content address. Times, owners, compression and empty folders do not
 * count.
 */
public record Manifest(List<Entry> entries) {
  private static final String FIRST_LINE = "funkhaus-bundle 1\n";

  /** One file, without its content. */
  public record Entry(FilePath path, boolean executable, long sizeBytes, String sha256) {}

  /** Sorts. */
  public Manifest {
    entries = entries.stream().sorted((a, b) -> a.path().compareTo(b.path())).toList();
  }

  static Manifest of(List<BundleFile> files) {
    return new Manifest(
        files.stream()
            .map(f -> new Entry(f.path(), f.executable(), f.sizeBytes(), f.sha256()))
            .toList());
  }

  /** Reads what {@link #text()} wrote. */
  static Manifest parse(String text) {
    if (!text.startsWith(FIRST_LINE)) {
      throw new IllegalArgumentException("not a manifest of version 1");
    }
    List<Entry> entries = new ArrayList<>();
    for (String line : text.substring(FIRST_LINE.length()).lines().toList()) {
      String[] parts = line.split(" ", 4);
      entries.add(
          new Entry(
              new FilePath(parts[3]), parts[0].equals("555"), Long.parseLong(parts[2]), parts[1]));
    }
    return new Manifest(entries);
  }

  String text() {
    StringBuilder text = new StringBuilder(FIRST_LINE);
    for (Entry entry : entries) {
      text.append(entry.executable() ? "555 " : "444 ")
          .append(entry.sha256())
          .append(' ')
          .append(entry.sizeBytes())
          .append(' ')
          .append(entry.path())
          .append('\n');
    }
    return text.toString();
  }

  /** The content address of a bundle with these files. */
  public BundleAddress address() {
    byte[] digest = BundleFile.newDigest().digest(text().getBytes(StandardCharsets.UTF_8));
    return new BundleAddress(HexFormat.of().formatHex(digest));
  }

  /** Sum of all files. */
  public long sizeBytes() {
    return entries.stream().mapToLong(Entry::sizeBytes).sum();
  }

  /** The file at that path. */
  public Optional<Entry> find(FilePath path) {
    return entries.stream().filter(entry -> entry.path().equals(path)).findFirst();
  }
}
