package io.funkhaus.api.user;

import io.funkhaus.api.caller.Actor;
import io.funkhaus.api.caller.UserId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row of {@code users}. */
@Entity
@Table(name = "users")
class UserEntity {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private long id;

  private String email;

  @Column(name = "password_hash")
  private @Nullable String passwordHash;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "disabled_at")
  private @Nullable Instant disabledAt;

  /** For the persistence provider, which fills the fields afterwards. */
  @SuppressWarnings("NullAway.Init")
  protected UserEntity() {}

  UserEntity(Email email, PasswordHash passwordHash, Instant createdAt) {
    this.email = email.value();
    this.passwordHash = passwordHash.encoded();
    this.createdAt = createdAt;
  }

  Actor.User toActor() {
    return new Actor.User(new UserId(id), email);
  }

  /** Empty when the user is disabled or has no password. */
  Optional<Credentials> credentials() {
    if (disabledAt != null || passwordHash == null) {
      return Optional.empty();
    }
    return Optional.of(new Credentials(new UserId(id), new PasswordHash(passwordHash)));
  }
}
