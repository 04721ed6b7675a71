package dev.troupe.router.refine;

import dev.troupe.cluster.picture.ColourWord;
import dev.troupe.router.refine.Segment.Kind;
import dev.troupe.router.refine.Segment.Part;
import dev.troupe.router.refine.Segment.Setting;
import dev.troupe.router.refine.Segment.Style;
import java.util.List;
import java.util.Optional;

/**
 * Edits of how things look.
 *
 * @param things adds those that are to look so, but are not there
 */
record LookEditor(Draft draft, ThingEditor things) {
    private static final String COLOURS = String.join("|", ColourWord.all().keySet());

    void recolour(Optional<String> what, String colour) {
        int place = draft.place(what);
        if (place >= 0) {
            draft.change(place, draft.scene.part(place).thing().coloured(colour), colour);
        } else if (what.isEmpty()) {
            draft.addExtra(colour);
        } else if (!draft.inText("(?:(?:" + COLOURS + ") )?", what.get(), colour + " " + what.get())) {
            Thing thing = new Thing(Nouns.article(what.get()), List.of(colour), what.get());
            draft.scene = draft.scene.plus(new Part("with", thing));
            draft.did("with " + thing.text());
        }
        draft.negative.without(colour);
    }

    void fade(String colour) {
        for (int i = 0; i < draft.scene.segments().size(); i++) {
            if (draft.scene.segments().get(i) instanceof Part part
                    && Colours.isOf(part.thing().colour(), colour)) {
                draft.change(i, part.thing().coloured(Colours.faded(part.thing().colour())), "less " + colour);
                return;
            }
        }
        draft.negative.with(colour);
        draft.did("not " + colour);
    }

    void shade(Optional<String> what, String shade) {
        int place = draft.place(what);
        if (place < 0) {
            draft.addExtra(shade);
            return;
        }
        Thing thing = draft.scene.part(place).thing();
        Thing changed = thing.colour().isEmpty()
                ? thing.described(shade)
                : thing.coloured(Colours.shaded(thing.colour(), shade));
        draft.change(place, changed, shade);
    }

    void resize(Optional<String> what, int steps) {
        int place = draft.place(what);
        if (place < 0) {
            String size = Vocabulary.SIZES.get(Math.max(0, Math.min(4, 2 + steps)));
            if (what.isPresent() && draft.scene.subject().isPresent()) {
                things.add(new Part("with", new Thing(Nouns.article(what.get()), List.of(size), what.get())));
            } else if (what.isEmpty() || !draft.inText("", what.get(), size + " " + what.get())) {
                draft.addExtra(size + what.map(name -> " " + name).orElse(""));
            }
            return;
        }
        Thing thing = draft.scene.part(place).thing();
        int wanted = Vocabulary.SIZES.indexOf(thing.size()) + steps;
        int size = Math.max(0, Math.min(Vocabulary.SIZES.size() - 1, wanted));
        if (size != wanted && thing.size().equals(Vocabulary.SIZES.get(size))) {
            draft.did("the " + thing.noun() + " is " + thing.size() + " already, and no word goes further");
            return;
        }
        draft.change(place, thing.sized(Vocabulary.SIZES.get(size)), steps > 0 ? "bigger" : "smaller");
    }

    void clearBackground() {
        draft.scene = draft.scene.without(segment -> segment instanceof Setting setting
                && (setting.kind() == Kind.BACKGROUND
                        || setting.kind() == Kind.PLACE
                        || setting.kind() == Kind.WEATHER));
        draft.did("without the background");
    }

    void restyle(String style, boolean more) {
        boolean already = draft.scene.segments().stream()
                .anyMatch(segment -> segment instanceof Style old && old.text().equals(style));
        String wanted = more && already ? "very " + style : style;
        draft.scene = draft.scene.plus(new Style(wanted, false));
        draft.did("as " + wanted);
    }

    void describe(Edit.Describe describe) {
        int place = draft.place(describe.what());
        if (place < 0 && describe.less()) {
            draft.negative.with(describe.word());
            draft.did("less " + describe.word());
        } else if (place < 0) {
            draft.addExtra(
                    describe.what().map(name -> describe.word() + " " + name).orElse(describe.word()));
        } else if (describe.less()) {
            Thing thing = draft.scene.part(place).thing();
            draft.change(place, thing.without(describe.word()), "less " + describe.word());
            draft.negative.with(describe.word());
        } else if (Vocabulary.isDoing(describe.word())) {
            draft.scene = draft.scene.plus(new Setting(Kind.ACTION, describe.word()));
            draft.did(describe.word());
        } else {
            draft.change(place, draft.scene.part(place).thing().described(describe.word()), describe.word());
        }
    }
}
