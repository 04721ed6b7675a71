package dev.troupe.router.refine;

import dev.troupe.cluster.picture.ColourWord;
import dev.troupe.router.refine.Segment.Extra;
import dev.troupe.router.refine.Segment.Kind;
import dev.troupe.router.refine.Segment.Part;
import dev.troupe.router.refine.Segment.Setting;
import dev.troupe.router.refine.Segment.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;

/** Makes one prompt of another, edit by edit, and says what it did. Used once. */
final class Editor {
    /** What stands in such a relation can stand alone. */
    private static final Set<String> BESIDE =
            Set.of("and", Token.PAUSE, "next to", "beside", "near", "behind", "in front of", "under", "over", "above");

    private static final String COLOURS = String.join("|", ColourWord.all().keySet());

    private Scene scene;
    private final NegativePrompt negative;
    private final List<Scene> earlier;
    private final List<String> done = new ArrayList<>();
    private boolean begun;

    /** @param earlier prompts of the conversation, the newest first, to bring things back from */
    Editor(Scene scene, String negativePrompt, List<Scene> earlier) {
        this.scene = scene;
        this.negative = new NegativePrompt(negativePrompt);
        this.earlier = earlier;
    }

    Scene scene() {
        return scene;
    }

    String negativePrompt() {
        return negative.text();
    }

    /** @return in words, in order */
    List<String> done() {
        return done;
    }

    void apply(Edit edit) {
        // No switch over sealed types yet in this Java.
        if (edit instanceof Edit.Recolour recolour) {
            recolour(recolour.what(), recolour.colour());
        } else if (edit instanceof Edit.Fade fade) {
            fade(fade.colour());
        } else if (edit instanceof Edit.Shade shade) {
            shade(shade.what(), shade.shade());
        } else if (edit instanceof Edit.Add add) {
            add(add.part());
        } else if (edit instanceof Edit.BringBack back) {
            bringBack(back.name());
        } else if (edit instanceof Edit.Remove remove) {
            remove(remove.name());
        } else if (edit instanceof Edit.Only only) {
            only(only.name());
        } else if (edit instanceof Edit.Replace replace) {
            replace(replace.what(), replace.by());
        } else if (edit instanceof Edit.Resize resize) {
            resize(resize.what(), resize.steps());
        } else if (edit instanceof Edit.Place place) {
            scene = scene.plus(place.setting());
            done.add(place.setting().text());
        } else if (edit instanceof Edit.ClearBackground) {
            clearBackground();
        } else if (edit instanceof Edit.Restyle restyle) {
            restyle(restyle.style(), restyle.more());
        } else if (edit instanceof Edit.Count count) {
            count(count.what(), count.number());
        } else if (edit instanceof Edit.Describe describe) {
            describe(describe);
        } else if (edit instanceof Edit.Begin begin) {
            begin(begin.prompt());
        } else if (edit instanceof Edit.Append append) {
            scene = scene.plus(new Extra(append.words()));
            done.add("as it was said: " + append.words());
        } else {
            throw new IllegalArgumentException(
                    "not of a prompt: " + edit.getClass().getSimpleName());
        }
    }

    private void begin(String prompt) {
        scene = SceneParser.parse(prompt);
        negative.clear();
        begun = true;
        done.add("a picture of its own");
    }

    boolean hasBegun() {
        return begun;
    }

    private void recolour(Optional<String> what, String colour) {
        int place = place(what);
        if (place >= 0) {
            change(place, scene.part(place).thing().coloured(colour), colour);
        } else if (what.isEmpty()) {
            addExtra(colour);
        } else if (!inText("(?:(?:" + COLOURS + ") )?", what.get(), colour + " " + what.get())) {
            Thing thing = new Thing(Nouns.article(what.get()), List.of(colour), what.get());
            scene = scene.plus(new Part("with", thing));
            done.add("with " + thing.text());
        }
        negative.without(colour);
    }

    private void fade(String colour) {
        for (int i = 0; i < scene.segments().size(); i++) {
            if (scene.segments().get(i) instanceof Part part
                    && Colours.isOf(part.thing().colour(), colour)) {
                change(i, part.thing().coloured(Colours.faded(part.thing().colour())), "less " + colour);
                return;
            }
        }
        negative.with(colour);
        done.add("not " + colour);
    }

    private void shade(Optional<String> what, String shade) {
        int place = place(what);
        if (place < 0) {
            addExtra(shade);
            return;
        }
        Thing thing = scene.part(place).thing();
        Thing changed = thing.colour().isEmpty()
                ? thing.described(shade)
                : thing.coloured(Colours.shaded(thing.colour(), shade));
        change(place, changed, shade);
    }

    private void add(Part part) {
        int known = scene.find(part.thing().head());
        if (known >= 0
                && part.relation().equals("with")
                && !part.thing().modifiers().isEmpty()) {
            // "With a red hat" of one who has a hat: the hat turns red.
            change(
                    known,
                    new Thing(
                            scene.part(known).thing().determiner(),
                            part.thing().modifiers(),
                            part.thing().noun()),
                    "changed");
            return;
        }
        if (part.relation().equals("with") && !scene.segments().isEmpty() && hasWith()) {
            scene = scene.plus(new Part("and", part.thing()));
        } else {
            scene = scene.plus(part);
        }
        negative.without(part.thing().head());
        done.add(part.relation() + " " + part.thing().text());
    }

    /** Two things with "with" in a row are "with … and …". */
    private boolean hasWith() {
        for (int i = scene.segments().size() - 1; i >= 0; i--) {
            if (scene.segments().get(i) instanceof Part part) {
                return part.relation().equals("with");
            }
        }
        return false;
    }

    private void bringBack(String name) {
        for (Scene old : earlier) {
            int place = old.find(name);
            if (place >= 0 && scene.find(name) < 0) {
                String relation = old.part(place).relation();
                add(new Part(
                        relation.isEmpty() ? "and" : relation, old.part(place).thing()));
                return;
            }
        }
        add(new Part("with", new Thing(Nouns.article(name), List.of(), name)));
    }

    private void remove(String name) {
        int place = scene.find(name);
        if (place < 0) {
            negative.with(name);
            if (!inText("", name, "")) {
                done.add("without " + name);
            }
            return;
        }
        String noun = scene.part(place).thing().noun();
        if (place == scene.subjectPlace() && !promote(place)) {
            done.add("the " + noun + " stays: without it nothing would be left");
            return;
        }
        if (place != scene.subjectPlace() || scene.find(name) == place) {
            removePart(place);
        }
        negative.with(noun);
        done.add("without the " + noun);
    }

    private void only(String name) {
        int place = scene.find(name);
        if (place < 0) {
            return;
        }
        Part kept = scene.part(place);
        scene.segments().stream()
                .filter(segment -> segment instanceof Part && segment != kept)
                .forEach(segment -> negative.with(((Part) segment).thing().noun()));
        List<Segment> left = scene.segments().stream()
                .filter(segment -> !(segment instanceof Part) || segment == kept)
                .<Segment>map(segment -> segment == kept ? new Part("", kept.thing()) : segment)
                .toList();
        scene = new Scene(left);
        done.add("only the " + kept.thing().noun());
    }

    /** What stood beside the subject takes its place. */
    private boolean promote(int place) {
        return place + 1 < scene.segments().size()
                && scene.segments().get(place + 1) instanceof Part next
                && BESIDE.contains(next.relation());
    }

    private void removePart(int place) {
        boolean subject = place == scene.subjectPlace();
        Part gone = scene.part(place);
        scene = scene.without(place);
        if (place < scene.segments().size() && scene.segments().get(place) instanceof Part next) {
            boolean inherits = subject || next.relation().equals("and");
            if (inherits) {
                List<Segment> changed = new ArrayList<>(scene.segments());
                changed.set(place, new Part(subject ? "" : gone.relation(), next.thing()));
                scene = new Scene(changed);
            }
        }
    }

    private void replace(Optional<String> what, Thing by) {
        int place = place(what);
        if (place >= 0) {
            String old = scene.part(place).thing().noun();
            boolean alike = scene.part(place).thing().head().equals(by.head());
            scene = scene.with(place, by);
            done.add(alike ? by.text() : by.text() + " instead of the " + old);
        } else if (what.isEmpty() || !inText("(?:(?:an?|the) )?", what.get(), by.text())) {
            begin(by.text());
            return;
        }
        negative.without(by.head());
    }

    private void resize(Optional<String> what, int steps) {
        int place = place(what);
        if (place < 0) {
            String size = Vocabulary.SIZES.get(Math.max(0, Math.min(4, 2 + steps)));
            if (what.isPresent() && scene.subject().isPresent()) {
                add(new Part("with", new Thing(Nouns.article(what.get()), List.of(size), what.get())));
            } else if (what.isEmpty() || !inText("", what.get(), size + " " + what.get())) {
                addExtra(size + what.map(name -> " " + name).orElse(""));
            }
            return;
        }
        Thing thing = scene.part(place).thing();
        int wanted = Vocabulary.SIZES.indexOf(thing.size()) + steps;
        int size = Math.max(0, Math.min(Vocabulary.SIZES.size() - 1, wanted));
        if (size != wanted && thing.size().equals(Vocabulary.SIZES.get(size))) {
            done.add("the " + thing.noun() + " is " + thing.size() + " already, and no word goes further");
            return;
        }
        change(place, thing.sized(Vocabulary.SIZES.get(size)), steps > 0 ? "bigger" : "smaller");
    }

    private void clearBackground() {
        scene = scene.without(segment -> segment instanceof Setting setting
                && (setting.kind() == Kind.BACKGROUND
                        || setting.kind() == Kind.PLACE
                        || setting.kind() == Kind.WEATHER));
        done.add("without the background");
    }

    private void restyle(String style, boolean more) {
        boolean already = scene.segments().stream()
                .anyMatch(segment -> segment instanceof Style old && old.text().equals(style));
        String wanted = more && already ? "very " + style : style;
        scene = scene.plus(new Style(wanted, false));
        done.add("as " + wanted);
    }

    private void count(Optional<String> what, String number) {
        int place = place(what);
        if (place < 0) {
            addExtra(number);
            return;
        }
        Thing thing = scene.part(place).thing();
        String[] noun = thing.noun().split(" ", 2);
        boolean one = number.equals("one") || number.equals("1");
        String counted = one ? Nouns.singular(noun[0]) : Nouns.plural(Nouns.singular(noun[0]));
        scene = scene.with(
                place, thing.counted(one ? "a" : number, noun.length > 1 ? counted + " " + noun[1] : counted));
        done.add(number + " " + counted);
    }

    private void describe(Edit.Describe describe) {
        int place = place(describe.what());
        if (place < 0 && describe.less()) {
            negative.with(describe.word());
            done.add("less " + describe.word());
        } else if (place < 0) {
            addExtra(describe.what().map(name -> describe.word() + " " + name).orElse(describe.word()));
        } else if (describe.less()) {
            Thing thing = scene.part(place).thing();
            change(place, thing.without(describe.word()), "less " + describe.word());
            negative.with(describe.word());
        } else if (Vocabulary.isDoing(describe.word())) {
            scene = scene.plus(new Setting(Kind.ACTION, describe.word()));
            done.add(describe.word());
        } else {
            change(place, scene.part(place).thing().described(describe.word()), describe.word());
        }
    }

    private int place(Optional<String> what) {
        return what.map(scene::find).orElseGet(scene::subjectPlace);
    }

    private void change(int place, Thing thing, String how) {
        scene = scene.with(place, thing);
        done.add("the " + thing.noun() + ": " + how);
    }

    private void addExtra(String words) {
        scene = scene.plus(new Extra(words));
        done.add(words);
    }

    /** A prompt that is only text: its words are changed where they stand. */
    private boolean inText(String before, String words, String by) {
        for (int i = 0; i < scene.segments().size(); i++) {
            if (scene.segments().get(i) instanceof Extra extra) {
                String pattern = "(?iu)(?<![\\p{L}\\p{N}])" + before + java.util.regex.Pattern.quote(words)
                        + "(?![\\p{L}\\p{N}])";
                String changed = extra.text().replaceFirst(pattern, Matcher.quoteReplacement(by));
                if (!changed.equals(extra.text()) && !changed.isBlank()) {
                    List<Segment> segments = new ArrayList<>(scene.segments());
                    segments.set(i, new Extra(changed.strip().replaceAll("\\s+", " ")));
                    scene = new Scene(segments);
                    done.add(by.isEmpty() ? "without " + words : by + " where it said " + words);
                    return true;
                }
            }
        }
        return false;
    }
}
