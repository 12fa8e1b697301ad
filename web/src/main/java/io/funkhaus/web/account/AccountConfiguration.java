package io.funkhaus.web.account;

import io.github.bucket4j.TimeMeter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The parts of signing in and up that know neither database nor HTTP. */
@Configuration(proxyBeanMethods = false)
class AccountConfiguration {

  @Bean
  AttemptThrottles attemptThrottles() {
    return new AttemptThrottles(TimeMeter.SYSTEM_NANOTIME);
  }

  @Bean
  PasswordRules passwordRules() {
    return new PasswordRules(CommonPasswords.ofClassPath());
  }
}
