package dev.troupe.router.refine;

import dev.troupe.router.refine.Start.FromPicture;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Rules first; where they have words left over, a language model is asked, and what it says is used when it passes {@link RewriteCheck}. A
 * model that fails, babbles or is slow costs a turn nothing but the patience.
 */
public final class AssistedRefiner {
    private final Refiner rules;
    private final TurnRewriter rewriter;
    private final Duration patience;

    /** @param patience how long the model is waited for */
    public AssistedRefiner(Refiner rules, TurnRewriter rewriter, Duration patience) {
        this.rules = Objects.requireNonNull(rules);
        this.rewriter = Objects.requireNonNull(rewriter);
        this.patience = Objects.requireNonNull(patience);
    }

    /** @return completes always and never with a failure; on the caller's thread, the rewriter's, or a timer's */
    public CompletionStage<Refinement> refine(List<Turn> history, String words) {
        Refinement byRules = rules.refine(history, words);
        Optional<Turn> about = byRules.of().flatMap(id -> turn(history, id));
        if (byRules.unclear().isEmpty() || about.isEmpty()) {
            return CompletableFuture.completedFuture(byRules);
        }
        return asked(about.get().prompt(), words)
                .completeOnTimeout(Optional.empty(), patience.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> Optional.empty())
                .thenApply(answer -> answer.flatMap(
                                text -> RewriteCheck.checked(about.get().prompt(), words, text))
                        .map(prompt -> rewritten(about.get(), prompt))
                        .orElse(byRules));
    }

    private CompletableFuture<Optional<String>> asked(String prompt, String words) {
        try {
            return rewriter.rewrite(prompt, words).toCompletableFuture().copy();
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
    }

    private static Refinement rewritten(Turn about, String prompt) {
        return new Refinement(
                prompt,
                about.negativePrompt(),
                new FromPicture(about.imageId(), Strengths.REWRITTEN),
                Optional.of(about.imageId()),
                List.of("rewritten by the language model"),
                List.of());
    }

    private static Optional<Turn> turn(List<Turn> history, String imageId) {
        return history.stream().filter(turn -> turn.imageId().equals(imageId)).reduce((first, last) -> last);
    }
}
