package io.funkhaus.api.tenant;

import io.funkhaus.api.caller.AccountId;
import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.TenantId;
import io.funkhaus.api.caller.UserId;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Tenants and memberships. Signing up creates a tenant here; each request of the console asks here
 * whether its user still belongs to the tenant of the session.
 */
@Service
public class Tenants {

  private static final long FIRST_ACCOUNT = 100_000_000_000L;
  private static final long ACCOUNTS_END = 1_000_000_000_000L;

  private static final String SELECT_MEMBER =
      """
      SELECT t.id AS tenant_id, t.account_id, t.name AS tenant_name, u.id AS user_id, u.email, m.role
        FROM memberships m
        JOIN tenants t ON t.id = m.tenant_id
        JOIN users u ON u.id = m.user_id AND u.disabled_at IS NULL
      """;

  private final TenantRepository tenants;
  private final JdbcClient jdbc;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;
  private final RandomGenerator random;

  @Autowired
  Tenants(
      TenantRepository tenants,
      JdbcClient jdbc,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this(tenants, jdbc, events, clock, new SecureRandom());
  }

  Tenants(
      TenantRepository tenants,
      JdbcClient jdbc,
      ApplicationEventPublisher events,
      InstantSource clock,
      RandomGenerator random) {
    this.tenants = tenants;
    this.jdbc = jdbc;
    this.events = events;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Creates a tenant with its owner, within the caller's transaction, and publishes {@link
   * TenantCreated}.
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public Member create(String name, Actor.User owner) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Tenant tenant = tenants.saveAndFlush(new TenantEntity(unusedAccount(), name, now)).toTenant();
    addMember(tenant.id(), owner, Role.OWNER, now);
    Member member = new Member(tenant, owner, Role.OWNER);
    events.publishEvent(new TenantCreated(tenant, member.caller()));
    return member;
  }

  /** The member, unless the user no longer belongs to the tenant or is disabled. */
  public Optional<Member> member(TenantId tenant, UserId user) {
    return jdbc.sql(SELECT_MEMBER + " WHERE m.tenant_id = :tenant AND m.user_id = :user")
        .param("tenant", tenant.value())
        .param("user", user.value())
        .query(Tenants::toMember)
        .optional();
  }

  /** The tenant a user works in after signing in: the one joined first. */
  public Optional<Member> firstMembership(UserId user) {
    return jdbc.sql(
            SELECT_MEMBER + " WHERE m.user_id = :user ORDER BY m.created_at, m.tenant_id LIMIT 1")
        .param("user", user.value())
        .query(Tenants::toMember)
        .optional();
  }

  /** The tenant with this id. */
  public Optional<Tenant> find(TenantId id) {
    return tenants.findById(id.value()).map(TenantEntity::toTenant);
  }

  private void addMember(TenantId tenant, Actor.User user, Role role, Instant now) {
    jdbc.sql(
            """
            INSERT INTO memberships (tenant_id, user_id, role, created_at)
            VALUES (:tenant, :user, :role, :now)
            """)
        .param("tenant", tenant.value())
        .param("user", user.id().value())
        .param("role", role.word())
        .param("now", now.atOffset(ZoneOffset.UTC))
        .update();
  }

  private AccountId unusedAccount() {
    for (int attempt = 0; attempt < 10; attempt++) {
      String candidate = Long.toString(random.nextLong(FIRST_ACCOUNT, ACCOUNTS_END));
      if (!tenants.existsByAccountId(candidate)) {
        return new AccountId(candidate);
      }
    }
    throw new IllegalStateException(
        "ten random account ids in a row were taken; the random source is broken");
  }

  private static Member toMember(ResultSet row, int number) throws SQLException {
    Tenant tenant =
        new Tenant(
            new TenantId(row.getLong("tenant_id")),
            new AccountId(row.getString("account_id")),
            row.getString("tenant_name"));
    Actor.User user = new Actor.User(new UserId(row.getLong("user_id")), row.getString("email"));
    return new Member(tenant, user, Role.ofWord(row.getString("role")));
  }
}
