package io.funkhaus.api.user;

import java.util.Optional;
import org.springframework.data.jpa.repository.JpaRepository;

/** Rows of {@code users}. */
interface UserRepository extends JpaRepository<UserEntity, Long> {

  Optional<UserEntity> findByEmail(String email);
}
