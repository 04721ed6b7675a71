package dev.troupe.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program that writes to a database and says of each thing when it is done, until it is killed with {@code kill -9}. */
final class KilledProgram {
    private KilledProgram() {}

    /**
     * @param lines after which it is killed
     * @return at least so many: what it still manages to say until it is dead counts too
     */
    static List<String> run(Class<?> program, DatabaseConfig config, int lines)
            throws IOException, InterruptedException {
        Process process = start(program, config)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> said = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                said.add(line);
                if (said.size() == lines) {
                    // By its handle, which leaves the stream open.
                    process.toHandle().destroyForcibly();
                }
            }
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said).hasSizeGreaterThanOrEqualTo(lines);
        return said;
    }

    static ProcessBuilder start(Class<?> program, DatabaseConfig config) {
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                program.getName(),
                config.url(),
                config.user().orElse(""),
                config.password().orElse(""));
    }

    /** @param arguments that the program was started with */
    static Database open(String... arguments) {
        Optional<String> user = Optional.of(arguments[1]).filter(value -> !value.isEmpty());
        Optional<String> password = Optional.of(arguments[2]).filter(value -> !value.isEmpty());
        return Database.open(new DatabaseConfig(arguments[0], user, password));
    }
}
