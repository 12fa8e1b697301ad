package io.funkhaus.web;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The one service of Funkhaus: console, REST API and scheduler in one process. */
@SpringBootApplication(scanBasePackages = "io.funkhaus")
public class FunkhausApplication {

  /** Starts the service; settings come from {@code FUNKHAUS_*} environment variables. */
  public static void main(String[] args) {
    SpringApplication.run(FunkhausApplication.class, args);
  }
}
