package io.funkhaus.scheduler.dispatch;

/** A sandbox that has become ready, and where it belongs. */
record Seat<S>(StartTicket<S> ticket, S sandbox) {
  Line<S> line() {
    return ticket.line();
  }
}
