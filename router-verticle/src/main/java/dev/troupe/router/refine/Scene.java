package dev.troupe.router.refine;

import dev.troupe.router.refine.Segment.Extra;
import dev.troupe.router.refine.Segment.Kind;
import dev.troupe.router.refine.Segment.Part;
import dev.troupe.router.refine.Segment.Setting;
import dev.troupe.router.refine.Segment.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A prompt as a list of stretches in their order, so that what nobody touches stays where it is. The first part is the subject; a prompt
 * that the parser cannot read is one stretch of text and has none. Reading what {@link #text} writes gives the scene again.
 */
record Scene(List<Segment> segments) {
    Scene {
        segments = List.copyOf(segments);
    }

    Optional<Thing> subject() {
        return segments.stream()
                .filter(Part.class::isInstance)
                .map(part -> ((Part) part).thing())
                .findFirst();
    }

    /** @return the place of the thing of that name; -1 for none */
    int find(String name) {
        return place(segment -> segment instanceof Part part && part.thing().isCalled(name));
    }

    int subjectPlace() {
        return place(Part.class::isInstance);
    }

    Part part(int place) {
        return (Part) segments.get(place);
    }

    Scene with(int place, Thing thing) {
        List<Segment> changed = new ArrayList<>(segments);
        changed.set(place, part(place).with(thing));
        return new Scene(changed);
    }

    Scene without(int place) {
        List<Segment> changed = new ArrayList<>(segments);
        changed.remove(place);
        return new Scene(changed);
    }

    Scene without(Predicate<Segment> which) {
        return new Scene(segments.stream().filter(which.negate()).toList());
    }

    /** Behind the last thing, before the settings. */
    Scene plus(Part part) {
        int place = 0;
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i) instanceof Part || isAction(segments.get(i))) {
                place = i + 1;
            }
        }
        return inserted(place == 0 ? segments.size() : place, part);
    }

    /** In place of the one of its kind; a background and a place are of one kind here. Else before style and extras at the end. */
    Scene plus(Setting setting) {
        int old = place(segment -> segment instanceof Setting other && excludes(setting.kind(), other.kind()));
        if (old >= 0) {
            List<Segment> changed = new ArrayList<>(segments);
            changed.set(old, setting);
            return new Scene(changed)
                    .without(segment -> segment != setting
                            && segment instanceof Setting other
                            && excludes(setting.kind(), other.kind()));
        }
        int place = segments.size();
        while (place > 1 && isAfterthought(segments.get(place - 1))) {
            place--;
        }
        return inserted(place, setting);
    }

    /** In place of the styles that there are, in the place of the first. */
    Scene plus(Style style) {
        int old = place(Style.class::isInstance);
        boolean leads = old >= 0 && ((Style) segments.get(old)).leads() && style.leads();
        Scene rest = without(Style.class::isInstance);
        return leads ? rest.inserted(0, style) : rest.inserted(rest.segments.size(), new Style(style.text(), false));
    }

    Scene plus(Extra extra) {
        return segments.contains(extra) ? this : inserted(segments.size(), extra);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        Segment before = null;
        for (Segment segment : segments) {
            if (before != null) {
                boolean comma = isAfterthought(before)
                        || isAfterthought(segment)
                        || (segment instanceof Part part && part.relation().equals(Token.PAUSE));
                text.append(comma ? ", " : " ");
            }
            text.append(text(segment));
            before = segment;
        }
        return text.toString();
    }

    private static String text(Segment segment) {
        if (segment instanceof Part part) {
            boolean bare = part.relation().isEmpty() || part.relation().equals(Token.PAUSE);
            return (bare ? "" : part.relation() + " ") + part.thing().text();
        }
        if (segment instanceof Setting setting) {
            return setting.text();
        }
        if (segment instanceof Style style) {
            return style.leads() ? style.text() + " of" : style.text();
        }
        return ((Extra) segment).text();
    }

    private Scene inserted(int place, Segment segment) {
        List<Segment> changed = new ArrayList<>(segments);
        changed.add(place, segment);
        return new Scene(changed);
    }

    private int place(Predicate<Segment> which) {
        for (int i = 0; i < segments.size(); i++) {
            if (which.test(segments.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean excludes(Kind one, Kind other) {
        return one == other || (isWhere(one) && isWhere(other));
    }

    private static boolean isWhere(Kind kind) {
        return kind == Kind.BACKGROUND || kind == Kind.PLACE;
    }

    private static boolean isAction(Segment segment) {
        return segment instanceof Setting setting && setting.kind() == Kind.ACTION;
    }

    private static boolean isAfterthought(Segment segment) {
        return segment instanceof Extra || (segment instanceof Style style && !style.leads());
    }
}
