package io.funkhaus.api.function.testevent;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;

/** A row of {@code test_events}. */
@Entity
@Table(name = "test_events")
class TestEventEntity {

  @EmbeddedId private Id id;

  private String event;

  @Column(name = "updated_at")
  private Instant updatedAt;

  @Column(name = "updated_by")
  private String updatedBy;

  /** For the persistence provider, which fills the fields afterwards. */
  @SuppressWarnings("NullAway.Init")
  protected TestEventEntity() {}

  TestEventEntity(Id id, String event, String author, Instant now) {
    this.id = id;
    this.event = event;
    this.updatedAt = now;
    this.updatedBy = author;
  }

  /** Tenant, function and name, together the primary key. */
  @Embeddable
  record Id(
      @Column(name = "tenant_id") long tenantId,
      @Column(name = "function_id") long functionId,
      @Column(name = "name") String name)
      implements Serializable {}

  void replace(String newEvent, String author, Instant now) {
    event = newEvent;
    updatedBy = author;
    updatedAt = now;
  }

  TestEventView view() {
    return new TestEventView(id.name(), event, updatedAt);
  }
}
