package dev.troupe.router.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.models.tokenizer.Tokenizer;
import dev.troupe.router.TinyModel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** However tokens are cut into messages, doubled and delayed, the client reads the same text, and never a part of a stop string. */
class ChoiceStreamPropertyTest {
    private static final Tokenizer TOKENIZER = Tokenizer.from(TinyModel.card("tiny", "f"));
    private static final Attempt ATTEMPT = new Attempt("r", 1);

    @Provide
    Arbitrary<String> texts() {
        // Two letters make stop strings overlap; the others take two, three and four bytes.
        return Arbitraries.of("a", "b", "\u00e9", "\u20ac", "\ud83d\ude00", "\ud83d\ude01")
                .list()
                .ofMaxSize(24)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<List<String>> stops() {
        return texts().filter(stop -> !stop.isEmpty())
                .map(stop -> stop.substring(
                        0, stop.offsetByCodePoints(0, Math.min(4, stop.codePointCount(0, stop.length())))))
                .list()
                .ofMaxSize(4);
    }

    @Property(tries = 3000)
    void everyDeliveryGivesTheSameTextAndLeaksNothing(
            @ForAll("texts") String text, @ForAll("stops") List<String> stops, @ForAll long seed) {
        Random random = new Random(seed);
        String expected = cut(text, stops);
        int[] tokens = TinyModel.tokens(text).toArray();
        ChoiceStream stream = new ChoiceStream(TOKENIZER, StopStrings.of(stops), TokenIds.EMPTY);
        GenerationTracker tracker = new GenerationTracker(ATTEMPT, List.of(stream), 0);
        StringBuilder read = new StringBuilder();
        Optional<FinishReason> finish = Optional.empty();

        while (finish.isEmpty()) {
            int from = random.nextInt(tokens.length + 1);
            int to = from + random.nextInt(tokens.length - from + 1);
            boolean taken = tracker.accept(run(tokens, from, to), 0) == GenerationTracker.Arrival.TAKEN;
            tracker.release(tracker.pending());
            assertThat(taken || from > stream.received())
                    .as("only a gap is refused")
                    .isTrue();
            Delta delta = stream.take();
            read.append(delta.text());
            finish = delta.finish();
            assertThat(expected).startsWith(read);
            assertThat(read.toString().getBytes(StandardCharsets.UTF_8))
                    .asString(StandardCharsets.UTF_8)
                    .hasToString(read.toString());
        }

        assertThat(read).hasToString(expected);
        assertThat(finish).contains(expected.length() < text.length() ? FinishReason.STOP : FinishReason.LENGTH);
        assertThat(stream.take().isEmpty()).isTrue();
    }

    private static TokenRun run(int[] tokens, int from, int to) {
        Optional<FinishReason> finish = to == tokens.length ? Optional.of(FinishReason.LENGTH) : Optional.empty();
        return new TokenRun(ATTEMPT, 0, from, TokenIds.of(tokens).slice(from, to), List.of(), 0, finish);
    }

    /** The definition, without any cleverness. */
    private static String cut(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            String before = text.substring(0, end);
            int longest = stops.stream()
                    .filter(before::endsWith)
                    .mapToInt(String::length)
                    .max()
                    .orElse(0);
            if (longest > 0) {
                return before.substring(0, end - longest);
            }
        }
        return text;
    }
}
