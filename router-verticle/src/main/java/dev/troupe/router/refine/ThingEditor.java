package dev.troupe.router.refine;

import dev.troupe.router.refine.Segment.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Edits of what is in the picture.
 *
 * @param earlier prompts of the conversation, the newest first, to bring things back from
 */
record ThingEditor(Draft draft, List<Scene> earlier) {
    /** What stands in such a relation can stand alone. */
    private static final Set<String> BESIDE =
            Set.of("and", Token.PAUSE, "next to", "beside", "near", "behind", "in front of", "under", "over", "above");

    void add(Part part) {
        int known = draft.scene.find(part.thing().head());
        if (known >= 0
                && part.relation().equals("with")
                && !part.thing().modifiers().isEmpty()) {
            // "With a red hat" of one who has a hat: the hat turns red.
            draft.change(
                    known,
                    new Thing(
                            draft.scene.part(known).thing().determiner(),
                            part.thing().modifiers(),
                            part.thing().noun()),
                    "changed");
            return;
        }
        if (part.relation().equals("with") && !draft.scene.segments().isEmpty() && hasWith()) {
            draft.scene = draft.scene.plus(new Part("and", part.thing()));
        } else {
            draft.scene = draft.scene.plus(part);
        }
        draft.negative.without(part.thing().head());
        draft.did(part.relation() + " " + part.thing().text());
    }

    /** Two things with "with" in a row are "with … and …". */
    private boolean hasWith() {
        for (int i = draft.scene.segments().size() - 1; i >= 0; i--) {
            if (draft.scene.segments().get(i) instanceof Part part) {
                return part.relation().equals("with");
            }
        }
        return false;
    }

    void bringBack(String name) {
        for (Scene old : earlier) {
            int place = old.find(name);
            if (place >= 0 && draft.scene.find(name) < 0) {
                String relation = old.part(place).relation();
                add(new Part(
                        relation.isEmpty() ? "and" : relation, old.part(place).thing()));
                return;
            }
        }
        add(new Part("with", new Thing(Nouns.article(name), List.of(), name)));
    }

    void remove(String name) {
        int place = draft.scene.find(name);
        if (place < 0) {
            draft.negative.with(name);
            if (!draft.inText("", name, "")) {
                draft.did("without " + name);
            }
            return;
        }
        String noun = draft.scene.part(place).thing().noun();
        if (place == draft.scene.subjectPlace() && !promote(place)) {
            draft.did("the " + noun + " stays: without it nothing would be left");
            return;
        }
        removePart(place);
        draft.negative.with(noun);
        draft.did("without the " + noun);
    }

    void only(String name) {
        int place = draft.scene.find(name);
        if (place < 0) {
            return;
        }
        Part kept = draft.scene.part(place);
        draft.scene.segments().stream()
                .filter(segment -> segment instanceof Part && segment != kept)
                .forEach(segment -> draft.negative.with(((Part) segment).thing().noun()));
        List<Segment> left = draft.scene.segments().stream()
                .filter(segment -> !(segment instanceof Part) || segment == kept)
                .<Segment>map(segment -> segment == kept ? new Part("", kept.thing()) : segment)
                .toList();
        draft.scene = new Scene(left);
        draft.did("only the " + kept.thing().noun());
    }

    /** What stood beside the subject takes its place. */
    private boolean promote(int place) {
        return place + 1 < draft.scene.segments().size()
                && draft.scene.segments().get(place + 1) instanceof Part next
                && BESIDE.contains(next.relation());
    }

    private void removePart(int place) {
        boolean subject = place == draft.scene.subjectPlace();
        Part gone = draft.scene.part(place);
        draft.scene = draft.scene.without(place);
        if (place < draft.scene.segments().size() && draft.scene.segments().get(place) instanceof Part next) {
            boolean inherits = subject || next.relation().equals("and");
            if (inherits) {
                List<Segment> changed = new ArrayList<>(draft.scene.segments());
                changed.set(place, new Part(subject ? "" : gone.relation(), next.thing()));
                draft.scene = new Scene(changed);
            }
        }
    }

    void replace(Optional<String> what, Thing by) {
        int place = draft.place(what);
        if (place >= 0) {
            String old = draft.scene.part(place).thing().noun();
            boolean alike = draft.scene.part(place).thing().head().equals(by.head());
            draft.scene = draft.scene.with(place, by);
            draft.did(alike ? by.text() : by.text() + " instead of the " + old);
        } else if (what.isEmpty() || !draft.inText("(?:(?:an?|the) )?", what.get(), by.text())) {
            draft.begin(by.text());
            return;
        }
        draft.negative.without(by.head());
    }

    void count(Optional<String> what, String number) {
        int place = draft.place(what);
        if (place < 0) {
            draft.addExtra(number);
            return;
        }
        Thing thing = draft.scene.part(place).thing();
        String[] noun = thing.noun().split(" ", 2);
        boolean one = number.equals("one") || number.equals("1");
        String counted = one ? Nouns.singular(noun[0]) : Nouns.plural(Nouns.singular(noun[0]));
        draft.scene = draft.scene.with(
                place, thing.counted(one ? "a" : number, noun.length > 1 ? counted + " " + noun[1] : counted));
        draft.did(number + " " + counted);
    }
}
