package dev.troupe.bench.dialogue;

import dev.troupe.bench.BenchException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Plays a dialogue and looks at what came of it. */
final class DialoguePlay {
    private final ImageClient client;

    DialoguePlay(ImageClient client) {
        this.client = client;
    }

    /** A failure ends the dialogue, and is in what is returned. */
    Played play(Dialogue dialogue, long seed) {
        List<Played.Step> steps = new ArrayList<>();
        List<Raster> pictures = new ArrayList<>();
        try {
            String conversation = client.conversation();
            ImageClient.Answer first = client.generate(conversation, dialogue.first(), OptionalLong.of(seed));
            pictures.add(Raster.of(first.picture()));
            steps.add(new Played.Step(dialogue.first(), first.prompt(), first.picture(), List.of()));
            for (Dialogue.Turn turn : dialogue.turns()) {
                ImageClient.Answer answer = client.generate(conversation, turn.words(), OptionalLong.empty());
                Raster after = Raster.of(answer.picture());
                List<Finding> findings = new ArrayList<>(Finding.ofPrompt(turn, answer.prompt()));
                findings.addAll(Finding.ofPicture(turn, turn.of() == 0 ? after : pictures.get(turn.of() - 1), after));
                pictures.add(after);
                steps.add(new Played.Step(turn.words(), answer.prompt(), answer.picture(), findings));
            }
            return new Played(dialogue, seed, steps, "");
        } catch (BenchException e) {
            return new Played(dialogue, seed, steps, e.getMessage());
        }
    }
}
