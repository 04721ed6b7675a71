package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void misspeltCommandNamesTheNearestAndExitsWithTwo() {
        assertThat(run("doctr")).isEqualTo(2);

        assertThat(err.toString()).contains("'doctr'").contains("troupe doctor");
    }

    @Test
    void unknownOptionSaysWhereHelpIs() {
        assertThat(run("chat", "--nonsense")).isEqualTo(2);

        assertThat(err.toString()).contains("--nonsense").doesNotContain("Exception");
    }

    @Test
    void userErrorIsOneLineAndExitsWithOne() {
        assertThat(run("chat", "--url", "nowhere")).isEqualTo(1);

        assertThat(err.toString().lines()).containsExactly("troupe: --url takes http://host:port, not \"nowhere\"");
    }

    @Test
    void wrongDatabaseOptionsAreOneLineThatKeepsThePassword() {
        assertThat(run("serve", "--db-url", "jdbc:mysql://me:hunter2@host/db")).isEqualTo(1);
        assertThat(run("serve", "--db-user", "me")).isEqualTo(1);
        assertThat(run("node", "--roles", "router", "--db-url", "jdbc:h2:file:/x", "--db-password-file", "/nowhere"))
                .isEqualTo(1);
        assertThat(run("node", "--roles", "batcher,worker", "--db-url", "jdbc:h2:file:/x"))
                .isEqualTo(1);

        assertThat(err.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("--db-url", "jdbc:postgresql://HOST:PORT/NAME", "//host/db"),
                        line -> assertThat(line).contains("--db-user", "--db-url"),
                        line -> assertThat(line).contains("--db-password-file", "/nowhere"),
                        line -> assertThat(line).contains("--db-url", "router"));
        assertThat(err.toString()).doesNotContain("hunter2");
    }

    @Test
    void wrongOptionsOfThePublicPortAreOneLine() {
        assertThat(run("serve", "--tls-cert", "/nowhere")).isEqualTo(1);
        assertThat(run("serve", "--tls-cert", "/nowhere", "--tls-key", "/nowhere"))
                .isEqualTo(1);
        assertThat(run("serve", "--trusted-proxies", "10.0.0.0/8,everybody")).isEqualTo(1);
        assertThat(run("node", "--roles", "batcher,worker", "--insecure-no-auth"))
                .isEqualTo(1);

        assertThat(err.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("--tls-cert", "--tls-key"),
                        line -> assertThat(line).contains("--tls-cert", "cannot read /nowhere"),
                        line -> assertThat(line).contains("--trusted-proxies", "everybody"),
                        line -> assertThat(line).contains("--insecure-no-auth", "router"));
    }

    @Test
    void versionIsThatOfTheBuild() {
        assertThat(run("--version")).isZero();

        assertThat(out.toString()).matches("(?s)troupe \\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void everyCommandHasHelp() {
        Main.commandLine().getSubcommands().forEach((name, command) -> {
            assertThat(run(name, "--help")).as(name).isZero();
            for (String sub : command.getSubcommands().keySet()) {
                assertThat(run(name, sub, "--help")).as(name + " " + sub).isZero();
            }
        });
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void memorySizesReadAsPeopleWriteThem() {
        var converter = new MemorySize.Converter();

        assertThat(converter.convert("512m").bytes()).isEqualTo(512L << 20);
        assertThat(converter.convert("2G").bytes()).isEqualTo(2L << 30);
        assertThat(converter.convert("2gb")).hasToString("2.0 GB");
        for (String wrong : List.of("", "2", "-1g", "0m", "1.5g", "lots", "9999999999999g")) {
            assertThatThrownBy(() -> converter.convert(wrong))
                    .as(wrong)
                    .isInstanceOf(TypeConversionException.class)
                    .hasMessageContaining("512m");
        }
    }

    @Test
    void noneIsAnAmountOfMemoryWhereItMaySaySo() {
        var converter = new MemorySize.OrNone();

        assertThat(converter.convert("0")).isZero();
        assertThat(converter.convert("64m")).isEqualTo(64L << 20);
        assertThatThrownBy(() -> converter.convert("none")).isInstanceOf(TypeConversionException.class);
    }

    @Test
    void timesReadAsPeopleWriteThem() {
        var converter = new Seconds();

        assertThat(converter.convert("30s")).isEqualTo(Duration.ofSeconds(30));
        assertThat(converter.convert("2m")).isEqualTo(Duration.ofMinutes(2));
        assertThat(converter.convert("1h")).isEqualTo(Duration.ofHours(1));
        assertThat(converter.convert("30d")).isEqualTo(Duration.ofDays(30));
        assertThat(converter.convert("5")).isEqualTo(Duration.ofSeconds(5));
        for (String wrong : List.of("", "-1s", "1w", "1.5h", "soon", "99999999s")) {
            assertThatThrownBy(() -> converter.convert(wrong)).as(wrong).isInstanceOf(TypeConversionException.class);
        }
    }

    private int run(String... args) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }
}
