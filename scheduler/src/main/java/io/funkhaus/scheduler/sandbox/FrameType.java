package io.funkhaus.scheduler.sandbox;

import org.jspecify.annotations.Nullable;

/** The frames of docs/sandbox-protocol.md, version 1. */
enum FrameType {
  INIT(0x01),
  INVOKE(0x02),
  WARN(0x03),
  HELLO(0x81),
  READY(0x82),
  INIT_ERROR(0x83),
  RESULT(0x84),
  ERROR(0x85),
  EXIT(0x91);

  final byte code;

  FrameType(int code) {
    this.code = (byte) code;
  }

  static @Nullable FrameType of(byte code) {
    return switch (code & 0xff) {
      case 0x01 -> INIT;
      case 0x02 -> INVOKE;
      case 0x03 -> WARN;
      case 0x81 -> HELLO;
      case 0x82 -> READY;
      case 0x83 -> INIT_ERROR;
      case 0x84 -> RESULT;
      case 0x85 -> ERROR;
      case 0x91 -> EXIT;
      default -> null;
    };
  }
}
