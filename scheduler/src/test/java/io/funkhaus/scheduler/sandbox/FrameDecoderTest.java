package io.funkhaus.scheduler.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {

  @Test
  void the_same_frames_come_out_however_the_bytes_are_cut() throws ProtocolViolation {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      List<Frame> sent = someFrames(random);
      List<Frame> received = decodeInPieces(bytes(sent), random);

      assertThat(received).as("seed %d round %d", seed, round).hasSameSizeAs(sent);
      for (int i = 0; i < sent.size(); i++) {
        assertThat(received.get(i).type()).isEqualTo(sent.get(i).type());
        assertThat(received.get(i).invocation()).isEqualTo(sent.get(i).invocation());
        assertThat(received.get(i).body()).isEqualTo(sent.get(i).body());
      }
    }
  }

  @Test
  void random_bytes_are_frames_or_a_violation_and_nothing_else() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    int violations = 0;
    for (int round = 0; round < 2_000; round++) {
      byte[] noise = new byte[64];
      random.nextBytes(noise);
      try {
        decodeInPieces(noise, random);
      } catch (ProtocolViolation expected) {
        violations++;
      }
    }
    assertThat(violations).as("seed %d", seed).isGreaterThan(1_900);
  }

  @Test
  void a_frame_longer_than_the_limit_is_refused_before_its_body_comes() {
    assertThatThrownBy(() -> decode(header(Frame.LARGEST_BODY_BYTES + 1, 0x84, 0, 0)))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessageContaining("7340033")
        .hasMessageContaining("7340032");
    assertThatThrownBy(() -> decode(header(-1, 0x84, 0, 0)))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessageContaining("4294967295");
  }

  @Test
  void flags_reserved_bytes_and_unknown_types_are_refused() {
    assertThatThrownBy(() -> decode(header(0, 0x84, 1, 0))).isInstanceOf(ProtocolViolation.class);
    assertThatThrownBy(() -> decode(header(0, 0x84, 0, 1))).isInstanceOf(ProtocolViolation.class);
    assertThatThrownBy(() -> decode(header(0, 0x42, 0, 0)))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessageContaining("66");
  }

  private static List<Frame> someFrames(Random random) {
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(5); i++) {
      byte[] body = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(300)];
      random.nextBytes(body);
      FrameType[] types = FrameType.values();
      frames.add(new Frame(types[random.nextInt(types.length)], random.nextLong(), body));
    }
    return frames;
  }

  private static byte[] bytes(List<Frame> frames) {
    ByteBuffer all = ByteBuffer.allocate(8_192);
    for (Frame frame : frames) {
      all.putInt(frame.body().length).put(frame.type().code).put((byte) 0).putShort((short) 0);
      all.putLong(frame.invocation()).put(frame.body());
    }
    byte[] bytes = new byte[all.position()];
    all.flip().get(bytes);
    return bytes;
  }

  private static List<Frame> decodeInPieces(byte[] bytes, Random random) throws ProtocolViolation {
    FrameDecoder decoder = new FrameDecoder();
    List<Frame> frames = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
      ByteBuffer piece = ByteBuffer.wrap(bytes, at, length);
      at += length;
      Frame frame = decoder.decode(piece);
      while (frame != null) {
        frames.add(frame);
        frame = decoder.decode(piece);
      }
    }
    return frames;
  }

  private static @Nullable Frame decode(ByteBuffer bytes) throws ProtocolViolation {
    return new FrameDecoder().decode(bytes);
  }

  private static ByteBuffer header(int length, int type, int flags, int reserved) {
    return ByteBuffer.allocate(16)
        .putInt(length)
        .put((byte) type)
        .put((byte) flags)
        .putShort((short) reserved)
        .putLong(1)
        .flip();
  }
}
