package io.funkhaus.web;

import io.funkhaus.web.database.DatabaseStart;
import io.funkhaus.web.operation.SandboxHost;
import io.funkhaus.web.operation.Signals;
import io.funkhaus.web.settings.Machine;
import io.funkhaus.web.settings.Settings;
import io.funkhaus.web.settings.SettingsReader;
import io.funkhaus.web.startup.DataDirectory;
import io.funkhaus.web.startup.Ports;
import io.funkhaus.web.startup.StartupReport;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** The one service of Funkhaus: console, REST API and scheduler in one process. */
@SpringBootApplication(
    scanBasePackages = "io.funkhaus",
    exclude = UserDetailsServiceAutoConfiguration.class)
public class FunkhausApplication {

  /** Starts the service; settings come from {@code FUNKHAUS_*} environment variables. */
  public static void main(String[] arguments) {
    try {
      Signals.handle();
      start(SettingsReader.read(System.getenv(), Machine.current()));
    } catch (RuntimeException | Error failed) {
      StartupReport.print(failed);
      System.exit(1);
    }
  }

  /**
   * Starts the service in this process. Closing the answer stops it, in order.
   *
   * @throws io.funkhaus.web.startup.StartupFailure somewhere among the causes, when there is
   *     something the operator can do
   */
  public static ConfigurableApplicationContext start(Settings settings) {
    DataDirectory data = DataDirectory.open(settings.data());
    try {
      Ports.requireFree(settings.address(), settings.port(), "FUNKHAUS_PORT");
      Ports.requireFree(
          InetAddress.getLoopbackAddress(), settings.managementPort(), "FUNKHAUS_MANAGEMENT_PORT");
      return run(settings, data, SandboxHost.connect(settings));
    } catch (RuntimeException | Error failed) {
      data.close();
      throw failed;
    }
  }

  private static ConfigurableApplicationContext run(
      Settings settings, DataDirectory data, SandboxHost host) {
    AtomicReference<@Nullable DatabaseStart> begun = new AtomicReference<>();
    SpringApplication application = new SpringApplication(FunkhausApplication.class);
    application.addInitializers(context -> {
      ConfigurableEnvironment environment = context.getEnvironment();
      environment
          .getPropertySources()
          .addFirst(new MapPropertySource("settings", SettingsProperties.of(settings)));
      DatabaseStart database =
          DatabaseStart.begin(
              settings, data.path(), environment.getRequiredProperty("funkhaus.postgres.version"));
      begun.set(database);
      GenericApplicationContext beans = (GenericApplicationContext) context;
      beans.registerBean(Settings.class, () -> settings);
      beans.registerBean(DataDirectory.class, () -> data);
      beans.registerBean(SandboxHost.class, () -> host);
      beans.registerBean(DatabaseStart.class, () -> database);
    });
    try {
      return application.run();
    } catch (RuntimeException | Error failed) {
      DatabaseStart database = begun.get();
      if (database != null) {
        database.close();
      }
      throw failed;
    }
  }
}
