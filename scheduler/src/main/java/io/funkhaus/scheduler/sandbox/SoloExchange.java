package io.funkhaus.scheduler.sandbox;

import io.funkhaus.scheduler.polling.BusyPolling;
import java.io.IOException;

/**
 * For a sandbox that runs one invocation at a time: the calling thread writes and reads itself,
 * with no other thread in between. This is the warm path.
 */
final class SoloExchange implements Exchange {
  private final SandboxChannel channel;
  private final BusyPolling polling;
  private final Nonces nonces = new Nonces();

  SoloExchange(SandboxChannel channel, BusyPolling polling) {
    this.channel = channel;
    this.polling = polling;
  }

  @Override
  public Frame call(byte[]... body) throws IOException, ProtocolViolation {
    long number = nonces.next();
    channel.send(FrameType.INVOKE, number, body);
    Frame frame = channel.receive(polling);
    if (frame.invocation() != number) {
      throw new ProtocolViolation("an answer to another invocation");
    }
    return frame;
  }
}
