/**
 * The decisions of dispatch: who runs, who waits, what starts, what leaves. No thread, no lock, no
 * clock, no input or output; its caller holds the lock and hands in the time.
 */
@NullMarked
package io.funkhaus.scheduler.dispatch.book;

import org.jspecify.annotations.NullMarked;
