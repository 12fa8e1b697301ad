package io.funkhaus.web.account;

import java.util.Map;

/**
 * What somebody sent to sign in: the fields of a form, and from where. Prints no values, because
 * one is a secret.
 */
public record SignInAttempt(Map<String, String> fields, ClientAddress address) {

  /** Keeps a copy. */
  public SignInAttempt {
    fields = Map.copyOf(fields);
  }

  /** The value of a field; empty text when it was not sent. */
  public String field(String name) {
    return fields.getOrDefault(name, "");
  }

  @Override
  public String toString() {
    return "SignInAttempt[fields=" + fields.keySet() + ", address=" + address + "]";
  }
}
