package io.funkhaus.api.function;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.hibernate.annotations.Immutable;

/** A row of {@code versions}; the database refuses to change one, too. */
@Entity
@Immutable
@Table(name = "versions")
class VersionEntity {

  @EmbeddedId private Id id;

  private String note;
  private String author;

  @Column(name = "created_at")
  private Instant createdAt;

  private RunnableColumns content;

  /** For the persistence provider, which fills the fields afterwards. */
  @SuppressWarnings("NullAway.Init")
  protected VersionEntity() {}

  VersionEntity(
      Id id, VersionNote note, String author, Instant createdAt, RunnableColumns content) {
    this.id = id;
    this.note = note.value();
    this.author = author;
    this.createdAt = createdAt;
    this.content = content;
  }

  /** Tenant, function and number, together the primary key. */
  @Embeddable
  record Id(
      @Column(name = "tenant_id") long tenantId,
      @Column(name = "function_id") long functionId,
      @Column(name = "number") int number)
      implements Serializable {}

  VersionNumber number() {
    return new VersionNumber(id.number());
  }

  long functionNumber() {
    return id.functionId();
  }

  RunnableColumns content() {
    return content;
  }

  VersionView view() {
    FunctionConfiguration configuration = content.configuration();
    return new VersionView(
        id.number(),
        note,
        author,
        createdAt,
        content.codeSha256(),
        content.codeSizeBytes(),
        configuration.runtime().value(),
        RunnableColumns.word(configuration.architecture()),
        configuration.handler().value(),
        configuration.memory().megabytes(),
        configuration.timeout().seconds(),
        configuration.environment().values(),
        content.isolation(),
        content.sandboxConcurrency(),
        content.onDisconnect());
  }
}
