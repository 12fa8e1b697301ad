package io.funkhaus.web.operation;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first SIGTERM or SIGINT stops the service in order and ends it with status 0; a second one
 * ends it at once. What is left then (sandboxes, the embedded PostgreSQL) ends by itself or is
 * taken over by the next start.
 *
 * <p>The JDK's only way to take a signal is a class of the module {@code jdk.unsupported}, which
 * the compiler warns of and no annotation makes quiet: hence by reflection.
 */
public final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
  private static final AtomicBoolean STOPPING = new AtomicBoolean();

  private Signals() {}

  /** Takes both signals over from the JVM, which would answer with a status other than 0. */
  public static void handle() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Method handle = signal.getMethod("handle", signal, handler);
      Object received =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(), new Class<?>[] {handler}, Signals::called);
      for (String name : new String[] {"TERM", "INT"}) {
        handle.invoke(null, signal.getConstructor(String.class).newInstance(name), received);
      }
    } catch (ReflectiveOperationException unsupported) {
      LOG.warn("event=signals_unhandled detail=\"{}\"", unsupported.toString());
    }
  }

  private static Object called(Object proxy, Method method, Object[] arguments) {
    if (!method.getName().equals("handle")) {
      throw new UnsupportedOperationException(method.getName());
    }
    return received(String.valueOf(arguments[0]));
  }

  private static Object received(String signal) {
    if (!STOPPING.compareAndSet(false, true)) {
      LOG.warn("event=stop_now signal={}", signal);
      Runtime.getRuntime().halt(1);
    }
    LOG.info("event=stop signal={}", signal);
    Thread.ofPlatform().name("stop").start(() -> System.exit(0));
    return signal;
  }
}
