package io.funkhaus.api.bundle;

import io.funkhaus.api.problem.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks one entry. It counts real bytes: content that is longer or shorter than the directory
 * says, or has another checksum, is an error and never silently cut.
 */
final class EntryInputStream extends InputStream {
  private final ZipDirectory.Entry entry;
  private final ByteBuffer packed;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc32 = new CRC32();
  private long delivered;
  private boolean atEnd;

  EntryInputStream(ByteBuffer zip, ZipDirectory.Entry entry) {
    this.entry = entry;
    this.packed = zip.slice(entry.dataOffset(), entry.packedBytes());
    if (entry.deflated()) {
      inflater.setInput(packed);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (atEnd) {
      return -1;
    }
    if (length == 0) {
      return 0;
    }
    int count = entry.deflated() ? inflate(buffer, offset, length) : copy(buffer, offset, length);
    if (count <= 0) {
      finish();
      return -1;
    }
    delivered += count;
    if (delivered > entry.sizeBytes()) {
      throw InvalidBundle.because(
          Shown.of(entry.path().value()) + " is longer than the archive's directory says");
    }
    crc32.update(buffer, offset, count);
    return count;
  }

  private int inflate(byte[] buffer, int offset, int length) {
    try {
      int count = inflater.inflate(buffer, offset, length);
      if (count == 0 && !inflater.finished()) {
        throw damaged();
      }
      return count;
    } catch (DataFormatException e) {
      throw damaged();
    }
  }

  private int copy(byte[] buffer, int offset, int length) {
    int count = Math.min(length, packed.remaining());
    packed.get(buffer, offset, count);
    return count;
  }

  private void finish() {
    atEnd = true;
    if (delivered != entry.sizeBytes() || (int) crc32.getValue() != entry.crc32()) {
      throw damaged();
    }
  }

  private RuntimeException damaged() {
    return InvalidBundle.because(
        "the content of " + Shown.of(entry.path().value()) + " is damaged");
  }

  @Override
  public void close() {
    inflater.end();
    atEnd = true;
  }
}
