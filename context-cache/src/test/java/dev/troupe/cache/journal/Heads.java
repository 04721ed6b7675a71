package dev.troupe.cache.journal;

import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.TokenIds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Requests to write down. */
public final class Heads {
    private Heads() {}

    /** One prompt with one choice. */
    public static StreamHead of(String streamId, String tenant) {
        return of(streamId, tenant, 1);
    }

    public static StreamHead of(String streamId, String tenant, int choices) {
        StreamHead.Prompt prompt =
                new StreamHead.Prompt(TokenIds.of(1, 2, 3), choices, SamplingParams.greedy(64, TokenIds.of(2)), "");
        return new StreamHead(
                streamId,
                tenant,
                Optional.empty(),
                "/v1/chat/completions",
                Bytes.of("{}".getBytes(StandardCharsets.UTF_8)),
                1_700_000_000,
                "fingerprint",
                true,
                1_000,
                List.of(prompt));
    }

    public static JournalCommand.Addition addition(String streamId, int term, int from, int... tokens) {
        return new JournalCommand.Addition(
                streamId, term, 0, 0, 0, new ChoiceLog(from, TokenIds.of(tokens), List.of(), Optional.empty()));
    }

    public static JournalCommand.Addition last(String streamId, int term, int from, int... tokens) {
        return new JournalCommand.Addition(
                streamId,
                term,
                0,
                0,
                7,
                new ChoiceLog(from, TokenIds.of(tokens), List.of(), Optional.of(FinishReason.STOP)));
    }
}
