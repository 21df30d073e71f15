package dev.thanosgateway.launcher;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * SIGTERM, SIGINT and SIGHUP. A shutdown hook cannot choose the exit code and hears no second signal, hence {@code
 * sun.misc.Signal}, by reflection because it is not part of Java SE; without it the JVM's own handling stays.
 */
final class Signals {
    private Signals() {}

    /** The first signal runs {@code stop} on a thread of its own; the second ends the process at once. */
    static void first(Runnable stop) {
        AtomicBoolean stopping = new AtomicBoolean();
        handle("HUP", 1, stopping, stop);
        handle("INT", 2, stopping, stop);
        handle("TERM", 15, stopping, stop);
    }

    /** From now on every SIGINT runs {@code then} on a thread of its own, and does nothing else. */
    static void interrupts(Runnable then) {
        handle("INT", then);
    }

    private static void handle(String name, int number, AtomicBoolean stopping, Runnable stop) {
        handle(name, () -> {
            if (stopping.compareAndSet(false, true)) {
                stop.run();
            } else {
                Runtime.getRuntime().halt(128 + number);
            }
        });
    }

    private static void handle(String name, Runnable then) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler onSignal = (proxy, method, args) -> {
                if (method.getDeclaringClass() == Object.class) {
                    return ofObject(proxy, method, args);
                }
                then.run();
                return null;
            };
            Object ours = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, onSignal);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
        } catch (ReflectiveOperationException e) {
            // The JVM ends on the signal by itself, without draining.
        }
    }

    private static Object ofObject(Object proxy, Method method, Object[] args) {
        return switch (method.getName()) {
            case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(args[0]);
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "signal handler";
        };
    }
}
