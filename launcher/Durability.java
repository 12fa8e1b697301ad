import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.StringJoiner;

/**
 * Asks a PostgreSQL server whether what it confirms survives a power cut, and prints the answer in one line. Run by
 * {@code ./funkhaus doctor} as a source file, with the address in the environment so that its password shows in no
 * process list.
 */
final class Durability {

  private static final List<String> SETTINGS =
      List.of("fsync", "full_page_writes", "synchronous_commit");

  private Durability() {}

  static void main() {
    String address = System.getenv("FUNKHAUS_DOCTOR_DATABASE");
    try (Connection connection = connect(address)) {
      var line = new StringJoiner(" ");
      line.add("server " + setting(connection, "server_version"));
      for (String name : SETTINGS) {
        line.add(name + "=" + setting(connection, name));
      }
      System.out.println(line);
    } catch (SQLException e) {
      System.out.println(e.getMessage().lines().findFirst().orElse("no answer"));
      System.exit(1);
    }
  }

  private static Connection connect(String address) throws SQLException {
    var properties = new Properties();
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "5");
    if (address.startsWith("jdbc:")) {
      return DriverManager.getConnection(address, properties);
    }
    URI uri = URI.create(address);
    if (uri.getUserInfo() != null) {
      String[] who = uri.getUserInfo().split(":", 2);
      properties.setProperty("user", who[0]);
      properties.setProperty("password", who.length == 2 ? who[1] : "");
    }
    String port = uri.getPort() == -1 ? "" : ":" + uri.getPort();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return DriverManager.getConnection(
        "jdbc:postgresql://" + uri.getHost() + port + uri.getPath() + query, properties);
  }

  private static String setting(Connection connection, String name) throws SQLException {
    try (var statement = connection.prepareStatement("SELECT current_setting(?)")) {
      statement.setString(1, name);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }
}
