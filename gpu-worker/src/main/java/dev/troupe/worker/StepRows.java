package dev.troupe.worker;

import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.worker.model.StepInput;
import java.util.ArrayList;
import java.util.List;

/** The rows of a plan in the making: what goes through the model, and whose tokens come out in which order. */
final class StepRows {
    private final List<StepInput.Decode> decodes = new ArrayList<>();
    private final List<Wanted> wantedOfDecodes = new ArrayList<>();
    private final List<StepInput.Chunk> chunks = new ArrayList<>();
    private final List<Wanted> wantedOfChunks = new ArrayList<>();

    /** @param guesses fed after the sequence's last token; one wanted row for that and one for each of them */
    record Wanted(Sequence sequence, TokenIds guesses) {
        int rows() {
            return 1 + guesses.size();
        }
    }

    void decode(Sequence sequence, StepPlan.Decode decode) {
        TokenIds guesses = sequence.guess(decode.guesses());
        if (guesses.isEmpty()) {
            decodes.add(new StepInput.Decode(decode.slot(), decode.position(), sequence.last()));
            wantedOfDecodes.add(new Wanted(sequence, TokenIds.EMPTY));
        } else {
            var tokens = TokenIds.of(new int[] {sequence.last()}).concat(guesses);
            chunks.add(new StepInput.Chunk(decode.slot(), decode.position(), tokens, tokens.size()));
            wantedOfChunks.add(new Wanted(sequence, guesses));
        }
    }

    void chunk(Sequence sequence, StepPlan.Chunk chunk) {
        var tokens = sequence.slice(chunk.start(), chunk.count());
        chunks.add(new StepInput.Chunk(chunk.slot(), chunk.start(), tokens, chunk.sample() ? 1 : 0));
        if (chunk.sample()) {
            wantedOfChunks.add(new Wanted(sequence, TokenIds.EMPTY));
        }
    }

    StepInput input() {
        return new StepInput(decodes, chunks);
    }

    /** In the order of the answer's rows. */
    List<Wanted> wanted() {
        var all = new ArrayList<>(wantedOfDecodes);
        all.addAll(wantedOfChunks);
        return all;
    }
}
