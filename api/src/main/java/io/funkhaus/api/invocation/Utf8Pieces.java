package io.funkhaus.api.invocation;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Turns bytes that arrive in pieces into text. A character cut by the border of two pieces comes
 * with the second; what is not UTF-8 becomes U+FFFD; NUL is left out. The same text for every way
 * of cutting the same bytes. Not thread-safe.
 */
final class Utf8Pieces {
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private ByteBuffer rest = ByteBuffer.allocate(0);

  /** The text of one more piece. */
  String next(byte[] piece) {
    return decode(piece, false);
  }

  /** What was still waiting for its other half. */
  String end() {
    return decode(new byte[0], true);
  }

  private String decode(byte[] piece, boolean last) {
    ByteBuffer in =
        ByteBuffer.allocate(rest.remaining() + piece.length).put(rest).put(piece).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + 2);
    decoder.decode(in, out, last);
    if (last) {
      decoder.flush(out);
      decoder.reset();
    }
    rest = in;
    return out.flip().toString().replace("\0", "");
  }
}
