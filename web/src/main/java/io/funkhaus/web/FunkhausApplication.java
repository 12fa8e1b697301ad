package io.funkhaus.web;

import io.funkhaus.web.operation.DataDirectory;
import io.funkhaus.web.operation.Machine;
import io.funkhaus.web.operation.StartupReport;
import io.funkhaus.web.settings.Settings;
import io.funkhaus.web.settings.SettingsReader;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** The one service of Funkhaus: console, REST API and scheduler in one process. */
@SpringBootApplication(
    scanBasePackages = "io.funkhaus",
    exclude = UserDetailsServiceAutoConfiguration.class)
public class FunkhausApplication {

  /** Starts the service; settings come from {@code FUNKHAUS_*} environment variables. */
  public static void main(String[] arguments) {
    try {
      start(SettingsReader.read(System.getenv(), Machine.current()));
    } catch (RuntimeException | Error failed) {
      StartupReport.print(failed);
      System.exit(1);
    }
  }

  /**
   * Starts the service in this process. Closing the answer stops it, in order.
   *
   * @throws io.funkhaus.web.operation.StartupFailure somewhere among the causes, when there is
   *     something the operator can do
   */
  public static ConfigurableApplicationContext start(Settings settings) {
    SpringApplication application = new SpringApplication(FunkhausApplication.class);
    application.addInitializers(context -> {
      context
          .getEnvironment()
          .getPropertySources()
          .addFirst(new MapPropertySource("settings", SettingsProperties.of(settings)));
      GenericApplicationContext beans = (GenericApplicationContext) context;
      beans.registerBean(Settings.class, () -> settings);
      beans.registerBean(DataDirectory.class, () -> DataDirectory.open(settings.data()));
    });
    return application.run();
  }
}
