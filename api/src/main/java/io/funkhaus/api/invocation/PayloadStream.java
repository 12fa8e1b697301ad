package io.funkhaus.api.invocation;

import io.funkhaus.api.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;

/** The payload of a call as it arrives. When it breaks off, the caller is told how much came. */
final class PayloadStream extends InputStream {
  private final InputStream body;
  private final long announced;
  private long arrived;

  /**
   * @param announced by Content-Length, or -1
   */
  PayloadStream(InputStream body, long announced) {
    this.body = body;
    this.announced = announced;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * @throws ProblemException when there should be more
   */
  @Override
  public int read(byte[] into, int offset, int length) {
    int read;
    try {
      read = body.read(into, offset, length);
    } catch (IOException e) {
      throw incomplete();
    }
    if (read >= 0) {
      arrived += read;
      return read;
    }
    if (arrived < announced) {
      throw incomplete();
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    body.close();
  }

  private ProblemException incomplete() {
    String what =
        announced < 0
            ? "The payload ended early, or its chunks are malformed: " + arrived + " bytes came"
            : "The payload ended after "
                + arrived
                + " of the "
                + announced
                + " bytes that Content-Length announced";
    return ProblemException.badRequest("PayloadIncomplete", what + "; send it again.");
  }
}
