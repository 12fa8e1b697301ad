package io.funkhaus.scheduler.dispatch.book;

/** A sandbox that has become ready, and where it belongs. */
public record Seat<S>(StartTicket<S> ticket, S sandbox) {
  Line<S> line() {
    return ticket.line();
  }
}
