package io.funkhaus.scheduler.pool;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Members in an order, linked through themselves: taking one out of the middle and putting one in
 * costs no search and no memory. A member is in at most one list.
 */
final class MemberList<S> implements Iterable<Member<S>> {
  private @Nullable Member<S> first;
  private @Nullable Member<S> last;
  private int size;

  @Nullable Member<S> first() {
    return first;
  }

  int size() {
    return size;
  }

  void addFirst(Member<S> member) {
    Member<S> second = first;
    member.next = second;
    member.previous = null;
    if (second == null) {
      last = member;
    } else {
      second.previous = member;
    }
    first = member;
    size++;
  }

  void addLast(Member<S> member) {
    Member<S> before = last;
    member.previous = before;
    member.next = null;
    if (before == null) {
      first = member;
    } else {
      before.next = member;
    }
    last = member;
    size++;
  }

  /** Takes out one that is in this list. */
  void remove(Member<S> member) {
    Member<S> before = member.previous;
    Member<S> after = member.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    member.previous = null;
    member.next = null;
    size--;
  }

  /** From the first to the last; the list must not change meanwhile. */
  @Override
  public Iterator<Member<S>> iterator() {
    return new Iterator<>() {
      private @Nullable Member<S> upcoming = first;

      @Override
      public boolean hasNext() {
        return upcoming != null;
      }

      @Override
      public Member<S> next() {
        Member<S> member = upcoming;
        if (member == null) {
          throw new NoSuchElementException();
        }
        upcoming = member.next;
        return member;
      }
    };
  }
}
