package dev.thanosgateway.launcher;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * SIGTERM, SIGINT and SIGHUP. A shutdown hook cannot choose the exit code and hears no second signal, hence {@code
 * sun.misc.Signal}, by reflection because it is not part of Java SE; without it the JVM's own handling stays.
 */
final class Signals {
    private static final Map<String, Integer> ENDING = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private Signals() {}

    /**
     * The first signal runs {@code stop} on a thread of its own. From then on the system ends the process at a signal,
     * with 128 and its number: {@link Runtime#halt} would first wait for compilations and for calls of native code.
     */
    static void first(Runnable stop) {
        AtomicBoolean stopping = new AtomicBoolean();
        List<Runnable> restored =
                ENDING.keySet().stream().map(Signals::restoring).toList();
        ENDING.forEach((name, number) -> handle(name, () -> {
            restored.forEach(Runnable::run);
            if (stopping.compareAndSet(false, true)) {
                stop.run();
            } else {
                // It came in the moment before the first one was handled.
                Runtime.getRuntime().halt(128 + number);
            }
        }));
    }

    /** From now on every SIGINT runs {@code then} on a thread of its own, and does nothing else. */
    static void interrupts(Runnable then) {
        handle("INT", then);
    }

    private static void handle(String name, Runnable then) {
        try {
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler onSignal = (proxy, method, args) -> {
                if (method.getDeclaringClass() == Object.class) {
                    return ofObject(proxy, method, args);
                }
                then.run();
                return null;
            };
            new Setting(name, handler)
                    .to(Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, onSignal));
        } catch (ReflectiveOperationException e) {
            // The JVM ends on the signal by itself, without draining.
        }
    }

    /** @return leaves the signal to the system; looked up beforehand, since what comes meanwhile may be lost */
    private static Runnable restoring(String name) {
        try {
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Setting setting = new Setting(name, handler);
            Object system = handler.getField("SIG_DFL").get(null);
            return () -> setting.to(system);
        } catch (ReflectiveOperationException e) {
            return () -> {};
        }
    }

    /** How one signal is handled. */
    private static final class Setting {
        private final Method handle;
        private final Object signal;

        Setting(String name, Class<?> handler) throws ReflectiveOperationException {
            Class<?> type = Class.forName("sun.misc.Signal");
            handle = type.getMethod("handle", type, handler);
            signal = type.getConstructor(String.class).newInstance(name);
        }

        void to(Object handler) {
            try {
                handle.invoke(null, signal, handler);
            } catch (ReflectiveOperationException e) {
                // The JVM keeps the signal for itself, as with -Xrs, and ends on it without draining.
            }
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
