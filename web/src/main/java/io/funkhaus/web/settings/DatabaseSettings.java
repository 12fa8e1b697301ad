package io.funkhaus.web.settings;

/** Which PostgreSQL the service uses. */
public sealed interface DatabaseSettings {

  /** The one that the service starts itself, below its data directory. */
  record Embedded() implements DatabaseSettings {}

  /** One that somebody else runs. */
  record External(String jdbcUrl, String user, String password) implements DatabaseSettings {

    /** The address without credentials, for messages. */
    public String address() {
      int query = jdbcUrl.indexOf('?');
      return (query < 0 ? jdbcUrl : jdbcUrl.substring(0, query)).substring("jdbc:".length());
    }

    @Override
    public String toString() {
      return "External[" + address() + " user=" + user + " password=****]";
    }
  }
}
