package io.funkhaus.api.invocation;

import io.funkhaus.api.recording.InvocationRecord;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The kept head of a payload or a result as text, without the character that its end cut in two.
 *
 * @param truncated whether there was more
 */
record KeptText(String text, boolean truncated) {

  /**
   * @param bytes at least what is kept
   * @param length of the whole
   */
  static KeptText of(byte[] bytes, long length) {
    int kept = Math.min(bytes.length, InvocationRecord.KEPT_BYTES);
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, kept);
    CharBuffer out = CharBuffer.allocate(kept);
    boolean truncated = kept < length;
    // "Not the end of the input" leaves the first bytes of a cut character undecoded.
    StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .onUnmappableCharacter(CodingErrorAction.REPLACE)
        .decode(in, out, !truncated);
    return new KeptText(out.flip().toString(), truncated);
  }
}
