package dev.troupe.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An open database of some engine, which other tests may have written to. */
abstract class DatabaseContract {
    private Database database;

    /** @return the same database each time */
    abstract DatabaseConfig config();

    @BeforeEach
    final void open() {
        database = Database.open(config());
    }

    @AfterEach
    final void close() {
        database.close();
    }

    final Database database() {
        return database;
    }

    final void reopen() {
        close();
        open();
    }

    /** @return what each gave, all of them run at once */
    static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> done : threads.invokeAll(calls)) {
                results.add(done.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }
}
