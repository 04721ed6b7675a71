package dev.troupe.node.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class ExpiryTest {
    private final Expiry expiry = new Expiry(Clock.fixed(Instant.parse("2026-11-27T09:30:00Z"), ZoneOffset.UTC));

    @Test
    void endIsSoLongFromNowOrTheBeginningOfADay() {
        assertThat(expiry.convert("30d")).isEqualTo("2026-12-27T09:30:00Z");
        assertThat(expiry.convert("12h")).isEqualTo("2026-11-27T21:30:00Z");
        assertThat(expiry.convert("2027-01-31")).isEqualTo("2027-01-31T00:00:00Z");
    }

    @Test
    void whatIsNoEndOrPastIsRefused() {
        for (String wrong :
                List.of("", "0d", "2026-11-27", "1999-01-01", "2027-02-30", "-1d", "never", "30 d", "31-01-2027")) {
            assertThatThrownBy(() -> expiry.convert(wrong)).as(wrong).isInstanceOf(TypeConversionException.class);
        }
    }
}
