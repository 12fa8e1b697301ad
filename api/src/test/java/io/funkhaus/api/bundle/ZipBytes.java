package io.funkhaus.api.bundle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes zip archives field by field, right or wrong. Every attack of the tests is a lie in one of
 * these fields.
 */
final class ZipBytes {
  private final List<Entry> entries = new ArrayList<>();

  /** One entry; what is set here goes into the archive as it is. */
  static final class Entry {
    byte[] name;
    byte[] localName;
    byte[] packed;
    int method = 8;
    int flags = 1 << 11;
    long crc32;
    long packedSize;
    long size;
    int madeBy = 3 << 8 | 20;
    int mode = 0100644;
    long offset = -1;

    Entry(String name, byte[] content) {
      this.name = name.getBytes(StandardCharsets.UTF_8);
      this.localName = this.name;
      this.packed = deflate(content);
      this.packedSize = packed.length;
      this.size = content.length;
      CRC32 crc = new CRC32();
      crc.update(content);
      this.crc32 = crc.getValue();
    }

    Entry mode(int newMode) {
      mode = newMode;
      return this;
    }

    Entry size(long newSize) {
      size = newSize;
      return this;
    }

    Entry flags(int newFlags) {
      flags = newFlags;
      return this;
    }

    Entry method(int newMethod) {
      method = newMethod;
      return this;
    }

    Entry name(byte[] newName) {
      name = newName;
      localName = newName;
      return this;
    }

    Entry localName(String newName) {
      localName = newName.getBytes(StandardCharsets.UTF_8);
      return this;
    }

    Entry crc32(long newCrc) {
      crc32 = newCrc;
      return this;
    }

    Entry offset(long newOffset) {
      offset = newOffset;
      return this;
    }

    Entry packedSize(long newSize) {
      packedSize = newSize;
      return this;
    }

    Entry packed(byte[] newPacked) {
      packed = newPacked;
      packedSize = newPacked.length;
      return this;
    }
  }

  Entry add(String name, byte[] content) {
    Entry entry = new Entry(name, content);
    entries.add(entry);
    return entry;
  }

  Entry add(String name, String content) {
    return add(name, content.getBytes(StandardCharsets.UTF_8));
  }

  byte[] bytes() {
    return bytes(entries.size());
  }

  /** The archive, stating a number of entries that may be wrong. */
  byte[] bytes(int count) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<Long> offsets = new ArrayList<>();
    for (Entry entry : entries) {
      offsets.add(entry.offset >= 0 ? entry.offset : out.size());
      out.writeBytes(local(entry));
      out.writeBytes(entry.packed);
    }
    int directory = out.size();
    for (int i = 0; i < entries.size(); i++) {
      out.writeBytes(central(entries.get(i), offsets.get(i)));
    }
    int directoryBytes = out.size() - directory;
    out.writeBytes(
        little(22)
            .putInt(0x06054b50)
            .putShort((short) 0)
            .putShort((short) 0)
            .putShort((short) count)
            .putShort((short) count)
            .putInt(directoryBytes)
            .putInt(directory)
            .putShort((short) 0)
            .array());
    return out.toByteArray();
  }

  private static byte[] local(Entry entry) {
    return little(30 + entry.localName.length)
        .putInt(0x04034b50)
        .putShort((short) 20)
        .putShort((short) entry.flags)
        .putShort((short) entry.method)
        .putInt(0)
        .putInt((int) entry.crc32)
        .putInt((int) entry.packedSize)
        .putInt((int) entry.size)
        .putShort((short) entry.localName.length)
        .putShort((short) 0)
        .put(entry.localName)
        .array();
  }

  private static byte[] central(Entry entry, long offset) {
    return little(46 + entry.name.length)
        .putInt(0x02014b50)
        .putShort((short) entry.madeBy)
        .putShort((short) 20)
        .putShort((short) entry.flags)
        .putShort((short) entry.method)
        .putInt(0)
        .putInt((int) entry.crc32)
        .putInt((int) entry.packedSize)
        .putInt((int) entry.size)
        .putShort((short) entry.name.length)
        .putShort((short) 0)
        .putShort((short) 0)
        .putShort((short) 0)
        .putShort((short) 0)
        .putInt(entry.mode << 16)
        .putInt((int) offset)
        .put(entry.name)
        .array();
  }

  static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(content);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[64 * 1024];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
