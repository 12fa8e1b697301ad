package io.funkhaus.web.security;

import io.funkhaus.api.caller.Scope;
import io.funkhaus.api.invocation.InvocationService;
import io.funkhaus.api.invocation.InvocationShortcut;
import io.funkhaus.api.key.KeyAuthentication;
import io.funkhaus.api.problem.ProblemWriter;
import jakarta.servlet.DispatcherType;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.annotation.web.configurers.RequestCacheConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.NullRequestCache;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.AndRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;

/**
 * Who may send which request. Three chains, the first that fits is taken:
 *
 * <ol>
 *   <li>the REST API with an {@code Authorization} header: a key, no session, no CSRF
 *   <li>the REST API without one: the console's session, with CSRF token
 *   <li>everything else: the console's pages, with session and CSRF token; strangers are sent to
 *       the sign-in page
 * </ol>
 *
 * What is not listed as open is closed, also what does not exist yet. What a key of scope invoke
 * may do is listed here and nowhere else.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

  private static final String API = "/api/**";
  private static final String OPENAPI = "/api/v1/openapi.json";
  private static final String[] OPEN_PAGES = {
    "/sign-in", "/sign-in/*", "/sign-up", "/assets/**", "/favicon.ico", "/favicon.svg", "/error"
  };
  private static final String[] INVOCATION = {"/api/v1/functions/{name}/invocations"};
  private static final String[] WHOAMI = {"/api/v1/whoami"};
  private static final String PERMISSIONS =
      "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(),"
          + " publickey-credentials-get=(self), clipboard-write=(self)";
  private static final Duration HSTS = Duration.ofDays(365);

  private final Refusals refusals;
  private final ProblemWriter problems;
  private final URI publicUrl;
  private final CookieStyle cookies;

  SecurityConfiguration(
      Refusals refusals, ProblemWriter problems, @Value("${funkhaus.public-url}") URI publicUrl) {
    this.refusals = refusals;
    this.problems = problems;
    this.publicUrl = publicUrl;
    this.cookies = CookieStyle.of(publicUrl);
  }

  @Bean
  @Order(10)
  SecurityFilterChain apiWithKey(HttpSecurity http, KeyAuthentication keys) {
    RequestMatcher hasKey = request -> request.getHeader(HttpHeaders.AUTHORIZATION) != null;
    ContentPolicy nothing = new ContentPolicy();
    return http.securityMatcher(new AndRequestMatcher(path(API), hasKey))
        .addFilterAfter(new KeyInQueryFilter(problems), HeaderWriterFilter.class)
        .addFilterAfter(new KeyFilter(keys, problems), KeyInQueryFilter.class)
        .authorizeHttpRequests(requests ->
            requests
                .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                .permitAll()
                .requestMatchers(HttpMethod.POST, INVOCATION)
                .authenticated()
                .requestMatchers(HttpMethod.GET, WHOAMI)
                .authenticated()
                .requestMatchers(HttpMethod.GET, OPENAPI)
                .authenticated()
                .anyRequest()
                .hasAuthority(Scope.FULL.name()))
        .sessionManagement(
            sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .requestCache(RequestCacheConfigurer::disable)
        .csrf(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .anonymous(AbstractHttpConfigurer::disable)
        .exceptionHandling(exceptions ->
            exceptions
                .authenticationEntryPoint(refusals::apiUnauthenticated)
                .accessDeniedHandler(refusals::apiDenied))
        .headers(headers -> headers(headers, nothing))
        .build();
  }

  /** What an answer in JSON needs of the headers below; the others are about pages. */
  @Bean
  FilterRegistrationBean<InvocationShortcut> invocationShortcut(
      KeyAuthentication keys, InvocationService invocations) {
    Map<String, String> headers = new HashMap<>();
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("X-Frame-Options", "DENY");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    headers.put("Content-Security-Policy", ContentPolicy.NOTHING);
    if (cookies.secure()) {
      headers.put("Strict-Transport-Security", "max-age=" + HSTS.toSeconds());
    }
    FilterRegistrationBean<InvocationShortcut> first =
        new FilterRegistrationBean<>(new InvocationShortcut(keys, invocations, problems, headers));
    first.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return first;
  }

  /** Around everything but the short way of invocations, which tells its failures itself. */
  @Bean
  FilterRegistrationBean<ApiFailureFilter> apiFailureFilter() {
    FilterRegistrationBean<ApiFailureFilter> second =
        new FilterRegistrationBean<>(new ApiFailureFilter(problems));
    second.addUrlPatterns("/api/*");
    second.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
    return second;
  }

  @Bean
  @Order(20)
  SecurityFilterChain apiWithSession(HttpSecurity http, ConsoleSessions sessions) {
    AccessDeniedHandler denied = refusals::apiDenied;
    ContentPolicy nothing = new ContentPolicy();
    withSession(http, sessions)
        .securityMatcher(path(API))
        .addFilterAfter(new KeyInQueryFilter(problems), HeaderWriterFilter.class)
        .addFilterBefore(new OriginFilter(publicUrl, denied), CsrfFilter.class)
        .authorizeHttpRequests(requests ->
            requests
                .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                .permitAll()
                .requestMatchers(HttpMethod.GET, OPENAPI)
                .permitAll()
                .anyRequest()
                .authenticated())
        .exceptionHandling(exceptions ->
            exceptions
                .authenticationEntryPoint(refusals::apiUnauthenticated)
                .accessDeniedHandler(denied))
        .headers(headers -> headers(headers, nothing));
    return http.build();
  }

  @Bean
  @Order(30)
  SecurityFilterChain console(HttpSecurity http, ConsoleSessions sessions) {
    AccessDeniedHandler denied = refusals::consoleDenied;
    ContentPolicy policy = new ContentPolicy();
    withSession(http, sessions)
        .addFilterBefore(policy, HeaderWriterFilter.class)
        .addFilterBefore(new OriginFilter(publicUrl, denied), CsrfFilter.class)
        .authorizeHttpRequests(requests ->
            requests
                .dispatcherTypeMatchers(
                    DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.FORWARD)
                .permitAll()
                .requestMatchers(OPEN_PAGES)
                .permitAll()
                .anyRequest()
                .authenticated())
        .exceptionHandling(exceptions ->
            exceptions
                .authenticationEntryPoint(refusals::consoleUnauthenticated)
                .accessDeniedHandler(denied))
        .headers(headers -> headers(headers, policy));
    return http.build();
  }

  @Bean
  CookieSerializer sessionCookie() {
    DefaultCookieSerializer cookie = new DefaultCookieSerializer();
    cookie.setCookieName(cookies.name("session"));
    cookie.setCookiePath("/");
    cookie.setUseHttpOnlyCookie(true);
    cookie.setUseSecureCookie(cookies.secure());
    cookie.setSameSite("Lax");
    return cookie;
  }

  @Bean
  RequestRejectedHandler requestRejectedHandler() {
    return refusals::rejected;
  }

  private HttpSecurity withSession(HttpSecurity http, ConsoleSessions sessions) {
    return http.securityContext(context -> context.securityContextRepository(sessions))
        .sessionManagement(
            management -> management.sessionCreationPolicy(SessionCreationPolicy.NEVER))
        .requestCache(cache -> cache.requestCache(new NullRequestCache()))
        .csrf(csrf -> csrf.csrfTokenRepository(new CsrfTokens(cookies)))
        .logout(AbstractHttpConfigurer::disable);
  }

  private void headers(HeadersConfigurer<HttpSecurity> headers, ContentPolicy policy) {
    headers
        .addHeaderWriter(policy)
        .frameOptions(HeadersConfigurer.FrameOptionsConfig::deny)
        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
        .permissionsPolicyHeader(permissions -> permissions.policy(PERMISSIONS))
        .crossOriginOpenerPolicy(opener ->
            opener.policy(CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy.SAME_ORIGIN))
        .crossOriginResourcePolicy(resource ->
            resource.policy(
                CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy.SAME_ORIGIN))
        .httpStrictTransportSecurity(hsts ->
            hsts.requestMatcher(request -> cookies.secure())
                .maxAgeInSeconds(HSTS.toSeconds())
                .includeSubDomains(false));
  }

  private static RequestMatcher path(String pattern) {
    return PathPatternRequestMatcher.withDefaults().matcher(pattern);
  }
}
