package dev.troupe.router.refine;

import dev.troupe.router.refine.Segment.Extra;
import java.util.List;

/** Makes one prompt of another, edit by edit, and says what it did. Used once. */
final class Editor {
    private final Draft draft;
    private final LookEditor looks;
    private final ThingEditor things;

    /** @param earlier prompts of the conversation, the newest first, to bring things back from */
    Editor(Scene scene, String negativePrompt, List<Scene> earlier) {
        draft = new Draft(scene, negativePrompt);
        things = new ThingEditor(draft, List.copyOf(earlier));
        looks = new LookEditor(draft, things);
    }

    Scene scene() {
        return draft.scene;
    }

    String negativePrompt() {
        return draft.negative.text();
    }

    /** @return in words, in order */
    List<String> done() {
        return draft.done();
    }

    /** @return whether it is a picture of its own now */
    boolean hasBegun() {
        return draft.hasBegun();
    }

    void apply(Edit edit) {
        // No switch over sealed types yet in this Java.
        if (edit instanceof Edit.Recolour recolour) {
            looks.recolour(recolour.what(), recolour.colour());
        } else if (edit instanceof Edit.Fade fade) {
            looks.fade(fade.colour());
        } else if (edit instanceof Edit.Shade shade) {
            looks.shade(shade.what(), shade.shade());
        } else if (edit instanceof Edit.Add add) {
            things.add(add.part());
        } else if (edit instanceof Edit.BringBack back) {
            things.bringBack(back.name());
        } else if (edit instanceof Edit.Remove remove) {
            things.remove(remove.name());
        } else if (edit instanceof Edit.Only only) {
            things.only(only.name());
        } else if (edit instanceof Edit.Replace replace) {
            things.replace(replace.what(), replace.by());
        } else if (edit instanceof Edit.Resize resize) {
            looks.resize(resize.what(), resize.steps());
        } else if (edit instanceof Edit.Place place) {
            draft.scene = draft.scene.plus(place.setting());
            draft.did(place.setting().text());
        } else if (edit instanceof Edit.ClearBackground) {
            looks.clearBackground();
        } else if (edit instanceof Edit.Restyle restyle) {
            looks.restyle(restyle.style(), restyle.more());
        } else if (edit instanceof Edit.Count count) {
            things.count(count.what(), count.number());
        } else if (edit instanceof Edit.Describe describe) {
            looks.describe(describe);
        } else if (edit instanceof Edit.Begin begin) {
            draft.begin(begin.prompt());
        } else if (edit instanceof Edit.Append append) {
            draft.scene = draft.scene.plus(new Extra(append.words()));
            draft.did("as it was said: " + append.words());
        } else {
            throw new IllegalArgumentException(
                    "not of a prompt: " + edit.getClass().getSimpleName());
        }
    }
}
