package io.funkhaus.api.key;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * A key that was just made, with its only showing.
 *
 * @param secret the whole key, as its holder must present it
 */
public record CreatedKey(@JsonUnwrapped ApiKey key, String secret) {

  @Override
  public String toString() {
    return "CreatedKey[key=" + key + ", secret=****]";
  }
}
