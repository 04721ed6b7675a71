package dev.troupe.router.refine;

import dev.troupe.router.refine.Segment.Extra;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A prompt while it is edited, and what was done to it. For one thread. */
final class Draft {
    Scene scene;
    final NegativePrompt negative;
    private final List<String> done = new ArrayList<>();
    private boolean begun;

    Draft(Scene scene, String negativePrompt) {
        this.scene = scene;
        this.negative = new NegativePrompt(negativePrompt);
    }

    /** @return in words, in order */
    List<String> done() {
        return done;
    }

    void did(String what) {
        done.add(what);
    }

    boolean hasBegun() {
        return begun;
    }

    int place(Optional<String> what) {
        return what.map(scene::find).orElseGet(scene::subjectPlace);
    }

    void change(int place, Thing thing, String how) {
        scene = scene.with(place, thing);
        did("the " + thing.noun() + ": " + how);
    }

    void addExtra(String words) {
        scene = scene.plus(new Extra(words));
        did(words);
    }

    /** A prompt that is only text: its words are changed where they stand. */
    boolean inText(String before, String words, String by) {
        for (int i = 0; i < scene.segments().size(); i++) {
            if (scene.segments().get(i) instanceof Extra extra) {
                String pattern = "(?iu)(?<![\\p{L}\\p{N}])" + before + Pattern.quote(words) + "(?![\\p{L}\\p{N}])";
                String changed = extra.text().replaceFirst(pattern, Matcher.quoteReplacement(by));
                if (!changed.equals(extra.text()) && !changed.isBlank()) {
                    List<Segment> segments = new ArrayList<>(scene.segments());
                    segments.set(i, new Extra(changed.strip().replaceAll("\\s+", " ")));
                    scene = new Scene(segments);
                    did(by.isEmpty() ? "without " + words : by + " where it said " + words);
                    return true;
                }
            }
        }
        return false;
    }

    void begin(String prompt) {
        scene = SceneParser.parse(prompt);
        negative.clear();
        begun = true;
        did("a picture of its own");
    }
}
