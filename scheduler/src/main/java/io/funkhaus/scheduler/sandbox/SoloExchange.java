package io.funkhaus.scheduler.sandbox;

import java.io.IOException;

/**
 * For a sandbox that runs one invocation at a time: the calling thread writes and reads itself,
 * with no other thread in between. This is the warm path.
 */
final class SoloExchange implements Exchange {
  private final SandboxChannel channel;
  private final Nonces nonces = new Nonces();

  SoloExchange(SandboxChannel channel) {
    this.channel = channel;
  }

  @Override
  public Frame call(byte[]... body) throws IOException, ProtocolViolation {
    long number = nonces.next();
    channel.send(FrameType.INVOKE, number, body);
    Frame frame = channel.receive();
    if (frame.invocation() != number) {
      throw new ProtocolViolation("an answer to another invocation");
    }
    return frame;
  }
}
