package dev.troupe.router.refine;

import java.util.List;

/** Finds the picture that somebody means. */
record History(List<Turn> turns, int lookBack) {
    /**
     * @param understood is told which it is, or why it is another than was meant
     * @return the newest where there is none such
     */
    Turn find(Reference reference, List<String> understood) {
        int newest = turns.size() - 1;
        int found = place(reference);
        if (found < 0 || found > newest) {
            understood.add("no such picture: there are " + turns.size() + "; the newest is meant");
            return turns.get(newest);
        }
        understood.add("picture " + (found + 1) + " of " + turns.size());
        return turns.get(found);
    }

    private int place(Reference reference) {
        int newest = turns.size() - 1;
        if (reference instanceof Reference.Ordinal ordinal) {
            return ordinal.place() - 1;
        }
        if (reference instanceof Reference.Before before) {
            return newest - before.steps();
        }
        return reference instanceof Reference.Showing showing ? showing(showing.words()) : newest;
    }

    private int showing(String words) {
        for (int i = turns.size() - 2; i >= Math.max(0, turns.size() - lookBack); i--) {
            if (isShown(words, turns.get(i))) {
                return i;
            }
        }
        return isShown(words, turns.get(turns.size() - 1)) ? turns.size() - 1 : -1;
    }

    private static boolean isShown(String words, Turn turn) {
        Scene scene = SceneParser.parse(turn.prompt());
        return scene.find(words) >= 0
                || scene.segments().stream()
                        .anyMatch(segment -> segment instanceof Segment.Part part
                                && !part.thing().colour().isEmpty()
                                && Colours.isOf(part.thing().colour(), words));
    }
}
