package dev.troupe.node;

import java.lang.reflect.Proxy;

/**
 * What Ctrl-C and {@code kill} do. A shutdown hook could drain too, but not tell a second signal from the first, nor choose the exit code.
 *
 * <p>The JDK keeps {@code sun.misc.Signal} (module jdk.unsupported) because it offers nothing else, and warns of it with a warning that
 * cannot be turned off; hence by reflection.
 */
public final class Signals {
    private Signals() {}

    /** @param action runs on a thread of its own for each signal, instead of the end of the process */
    public static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours =
                    Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, (p, m, args) -> {
                        action.run();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java does not let a program handle SIG" + name, e);
        }
    }

    /** Ctrl-C and {@code kill}. */
    public static void onStop(Runnable action) {
        on("INT", action);
        on("TERM", action);
    }
}
