package dev.troupe.router.http;

import dev.troupe.cache.journal.ChoiceLog;
import dev.troupe.cache.journal.JournaledStream;
import dev.troupe.cache.journal.StreamHead;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.models.tokenizer.Tokenizer;
import dev.troupe.router.stream.ChoiceStream;
import dev.troupe.router.stream.Delta;
import dev.troupe.router.stream.StopStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes of what the journal has the same text that its router made of it, from where the client has come to. */
final class Replay {
    private final StreamHead head;
    private final StreamPosition told;
    private final List<ChoiceStream> choices = new ArrayList<>();
    private final boolean[] lastFed;
    private int cachedTokens;

    /** @param told how far the client has come */
    Replay(StreamHead head, Tokenizer tokenizer, StopStrings stops, StreamPosition told) {
        this.head = head;
        this.told = told.copy();
        for (StreamHead.Prompt prompt : head.prompts()) {
            for (int i = 0; i < prompt.choices(); i++) {
                choices.add(new ChoiceStream(tokenizer, stops, prompt.sampling().stopTokens()));
            }
        }
        lastFed = new boolean[choices.size()];
    }

    /** @return by choice, how many tokens need not be read again */
    List<Integer> known() {
        return choices.stream().map(ChoiceStream::received).toList();
    }

    /** @param news read from {@link #known} on */
    void feed(JournaledStream news, Answer to) {
        cachedTokens = news.cachedTokens().stream().mapToInt(Integer::intValue).sum();
        for (int i = 0; i < choices.size(); i++) {
            feed(i, news.choices().get(i), to);
        }
        to.flush();
    }

    private void feed(int index, ChoiceLog log, Answer to) {
        ChoiceStream choice = choices.get(index);
        if (lastFed[index]) {
            return;
        }
        int had = choice.received();
        int told =
                Math.max(0, Math.min(this.told.tokens(index) - had, log.tokens().size()));
        feed(choice, log, 0, told, Optional.empty());
        if (!this.told.isAllText(index)) {
            choice.take();
        }
        feed(choice, log, told, log.tokens().size(), log.finish());
        lastFed[index] = log.finish().isPresent();
        tell(index, choice.take(), to);
    }

    private static void feed(ChoiceStream choice, ChoiceLog log, int from, int to, Optional<FinishReason> finish) {
        TokenIds tokens = log.tokens().slice(from, to);
        choice.feed(
                tokens, log.logprobs().isEmpty() ? List.of() : log.logprobs().subList(from, to), finish);
    }

    private void tell(int index, Delta delta, Answer to) {
        if (told.isEnd(index)) {
            return;
        }
        Delta rest = told.isAllText(index) ? new Delta("", List.of(), delta.finish(), delta.tokens()) : delta;
        if (!rest.isEmpty()) {
            to.text(index, rest);
        }
    }

    boolean isEnded() {
        return choices.stream().allMatch(choice -> choice.finish().isPresent());
    }

    Usage usage() {
        int prompt =
                head.prompts().stream().mapToInt(one -> one.tokens().size()).sum();
        int completion = choices.stream().mapToInt(ChoiceStream::counted).sum();
        return new Usage(prompt, cachedTokens, completion);
    }
}
