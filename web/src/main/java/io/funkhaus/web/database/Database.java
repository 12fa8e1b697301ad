package io.funkhaus.web.database;

/**
 * A PostgreSQL that answers. Closing it stops the server if the service started it.
 *
 * @param jdbcUrl with host, port and database, without credentials
 */
record Database(String jdbcUrl, String user, String password, Runnable stop)
    implements AutoCloseable {

  @Override
  public void close() {
    stop.run();
  }

  @Override
  public String toString() {
    return "Database[" + jdbcUrl + " user=" + user + " password=****]";
  }
}
