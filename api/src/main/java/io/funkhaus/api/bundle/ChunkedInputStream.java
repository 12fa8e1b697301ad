package io.funkhaus.api.bundle;

import java.io.InputStream;
import java.util.Optional;
import java.util.function.IntFunction;

/** Reads pieces one after another until there is no more; holds one at a time. */
final class ChunkedInputStream extends InputStream {
  private final IntFunction<Optional<byte[]>> chunks;
  private byte[] current = new byte[0];
  private int position;
  private int next;

  ChunkedInputStream(IntFunction<Optional<byte[]>> chunks) {
    this.chunks = chunks;
  }

  @Override
  public int read() {
    return fill() ? Byte.toUnsignedInt(current[position++]) : -1;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, current.length - position);
    System.arraycopy(current, position, buffer, offset, count);
    position += count;
    return count;
  }

  private boolean fill() {
    while (position == current.length) {
      Optional<byte[]> chunk = chunks.apply(next);
      if (chunk.isEmpty()) {
        return false;
      }
      current = chunk.get();
      position = 0;
      next++;
    }
    return true;
  }
}
