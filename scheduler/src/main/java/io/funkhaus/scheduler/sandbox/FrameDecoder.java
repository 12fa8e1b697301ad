package io.funkhaus.scheduler.sandbox;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Makes frames of bytes that arrive in pieces of any size; the same frames however they are cut.
 * Pure: knows no socket and no clock. One per connection, used by one thread at a time.
 */
final class FrameDecoder {
  private static final byte[] NO_BODY = new byte[0];

  private final ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES);
  private @Nullable FrameType type;
  private long invocation;
  private byte[] body = NO_BODY;
  private int filled;

  /**
   * Takes bytes from {@code in} until a frame is complete or there are no more.
   *
   * @return the frame, or null when more bytes are needed
   */
  @Nullable Frame decode(ByteBuffer in) throws ProtocolViolation {
    if (type == null && !decodeHeader(in)) {
      return null;
    }
    int take = Math.min(in.remaining(), body.length - filled);
    in.get(body, filled, take);
    filled += take;
    if (filled < body.length || type == null) {
      return null;
    }
    Frame frame = new Frame(type, invocation, body);
    type = null;
    body = NO_BODY;
    return frame;
  }

  private boolean decodeHeader(ByteBuffer in) throws ProtocolViolation {
    while (header.hasRemaining() && in.hasRemaining()) {
      header.put(in.get());
    }
    if (header.hasRemaining()) {
      return false;
    }
    header.flip();
    int length = header.getInt();
    byte code = header.get();
    int flagsAndReserved = header.get() << 16 | (header.getShort() & 0xffff);
    invocation = header.getLong();
    header.clear();

    if (length < 0 || length > Frame.LARGEST_BODY_BYTES) {
      throw new ProtocolViolation(
          "a frame of "
              + Integer.toUnsignedString(length)
              + " bytes, the limit is "
              + Frame.LARGEST_BODY_BYTES);
    }
    if (flagsAndReserved != 0) {
      throw new ProtocolViolation("a frame with flags, there are none in version 1");
    }
    type = FrameType.of(code);
    if (type == null) {
      throw new ProtocolViolation("a frame of unknown type " + (code & 0xff));
    }
    body = length == 0 ? NO_BODY : new byte[length];
    filled = 0;
    return true;
  }
}
