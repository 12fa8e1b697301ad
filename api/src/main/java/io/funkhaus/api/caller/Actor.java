package io.funkhaus.api.caller;

/** Who acts: a person in the console, or a program with an API key. */
public sealed interface Actor {

  /** What records and "changed by" columns show. */
  String displayName();

  /** A signed-in user. */
  record User(UserId id, String email) implements Actor {
    @Override
    public String displayName() {
      return email;
    }
  }

  /** An API key. */
  record Key(KeyId id, String name) implements Actor {
    @Override
    public String displayName() {
      return name;
    }
  }
}
