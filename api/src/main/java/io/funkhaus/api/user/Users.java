package io.funkhaus.api.user;

import io.funkhaus.api.tenant.Tenants;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.hibernate.exception.ConstraintViolationException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Users: signing up, and what the sign-in strategies need to know about them. */
@Service
public class Users {

  private static final String UNIQUE_EMAIL = "users_email_is_unique";

  private final UserRepository users;
  private final Tenants tenants;
  private final TransactionTemplate transaction;
  private final InstantSource clock;

  Users(
      UserRepository users,
      Tenants tenants,
      PlatformTransactionManager transactions,
      InstantSource clock) {
    this.users = users;
    this.tenants = tenants;
    this.transaction = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  /**
   * Creates a user and a tenant that the user owns, in one transaction with whatever listens to the
   * tenant's creation.
   */
  public SignUp signUp(Email email, PasswordHash passwordHash) {
    try {
      return transaction.execute(status -> create(email, passwordHash));
    } catch (DataIntegrityViolationException e) {
      if (isTakenAddress(e)) {
        return new SignUp.AddressTaken();
      }
      throw e;
    }
  }

  /**
   * What the password of this user is checked against; empty when there is nobody who could sign in
   * with one.
   */
  public Optional<Credentials> credentials(Email email) {
    return users.findByEmail(email.value()).flatMap(UserEntity::credentials);
  }

  private SignUp create(Email email, PasswordHash passwordHash) {
    UserEntity user =
        users.saveAndFlush(
            new UserEntity(email, passwordHash, clock.instant().truncatedTo(ChronoUnit.MICROS)));
    return new SignUp.Created(tenants.create(email.localPart(), user.toActor()));
  }

  private static boolean isTakenAddress(DataIntegrityViolationException e) {
    return e.getCause() instanceof ConstraintViolationException violation
        && UNIQUE_EMAIL.equals(violation.getConstraintName());
  }
}
