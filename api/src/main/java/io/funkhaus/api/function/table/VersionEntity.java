package io.funkhaus.api.function.table;

import io.funkhaus.api.function.VersionNote;
import io.funkhaus.api.function.VersionNumber;
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
public class VersionEntity {

  @EmbeddedId private Id id;

  private String note;
  private String author;

  @Column(name = "created_at")
  private Instant createdAt;

  private RunnableColumns content;

  /** For the persistence provider, which fills the fields afterwards. */
  @SuppressWarnings("NullAway.Init")
  protected VersionEntity() {}

  public VersionEntity(
      Id id, VersionNote note, String author, Instant createdAt, RunnableColumns content) {
    this.id = id;
    this.note = note.value();
    this.author = author;
    this.createdAt = createdAt;
    this.content = content;
  }

  /** Tenant, function and number, together the primary key. */
  @Embeddable
  public record Id(
      @Column(name = "tenant_id") long tenantId,
      @Column(name = "function_id") long functionId,
      @Column(name = "number") int number)
      implements Serializable {}

  public VersionNumber number() {
    return new VersionNumber(id.number());
  }

  public long functionNumber() {
    return id.functionId();
  }

  public RunnableColumns content() {
    return content;
  }

  public String note() {
    return note;
  }

  public String author() {
    return author;
  }

  public Instant createdAt() {
    return createdAt;
  }
}
