package dev.troupe.node;

import com.hazelcast.config.InvalidConfigurationException;
import dev.troupe.bench.BenchException;
import dev.troupe.device.DeviceException;
import dev.troupe.models.ModelFormatException;
import dev.troupe.models.hub.HubException;
import dev.troupe.store.StoreException;
import java.net.BindException;

/** What can go wrong at a start, in one line each. */
final class Failures {
    private Failures() {}

    /** @return what is thrown on: a {@link UserError} when the user can do something about it */
    static RuntimeException explained(Throwable failure) {
        if (failure instanceof ModelFormatException
                || failure instanceof DeviceException
                || failure instanceof HubException
                || failure instanceof StoreException
                || failure instanceof BenchException) {
            return new UserError(failure.getMessage(), failure);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return new UserError(failure.getMessage(), failure);
            }
            if (cause instanceof InvalidConfigurationException) {
                return new UserError("cannot join: " + cause.getMessage(), failure);
            }
        }
        return failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
    }
}
