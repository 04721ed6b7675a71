package dev.troupe.image.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a maker of pictures is worth, by an evaluator that was trained apart from it. The same questions go to the model, to the baseline, and
 * to real pictures, which say how much the evaluator itself sees.
 *
 * <ul>
 *   <li>A name: the picture's own name is the nearest of all distinct names, or one of five.
 *   <li>A colour and an object: the picture's dominant hue, in CIELAB, is nearest to the colour asked for.
 *   <li>Two objects: each of the two names is nearer to the picture than 95% of all names are.
 * </ul>
 */
final class Measures {
    private final List<Emoji> emoji;
    private final Towers evaluator;
    private final float[][] names;
    private final List<String> distinct;
    private final Counts counts;

    /**
     * How many questions of each kind.
     *
     * @param seeds pictures for each question
     */
    record Counts(int names, int colours, int pairs, int seeds) {
        static final Counts FULL = new Counts(300, 100, 100, 4);
    }

    /** Makes a picture of each question. */
    interface Maker {
        List<Canvas> make(List<Question> questions, int seed);
    }

    /**
     * What is asked for.
     *
     * @param first object
     * @param colour that it shall have
     * @param second object
     */
    record Question(String text, Emoji first, Optional<Colour> colour, Optional<Emoji> second) {}

    Measures(List<Emoji> emoji, Towers evaluator, Counts counts) {
        this.emoji = emoji;
        this.evaluator = evaluator;
        this.counts = counts;
        this.distinct = emoji.stream().map(Emoji::name).distinct().toList();
        this.names = evaluator.say(distinct);
    }

    /** All measures of a maker, by name, from 0 to 1. */
    Map<String, Double> of(Maker maker) {
        var measures = new LinkedHashMap<String, Double>();
        var ofNames = ask(maker, names());
        measures.put("name_top_1", mean(ofNames, answer -> rank(answer) < 1));
        measures.put("name_top_5", mean(ofNames, answer -> rank(answer) < 5));
        measures.put("colour_seen", mean(ask(maker, colours(false)), this::isColour));
        var unseen = ask(maker, colours(true));
        measures.put("colour_unseen", mean(unseen, this::isColour));
        measures.put("colour_unseen_object_top_5", mean(unseen, answer -> rank(answer) < 5));
        measures.put("two_objects", mean(ask(maker, pairs()), this::hasBoth));
        return measures;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Answer(Question question, Canvas picture, float[] seen) {}

    private List<Answer> ask(Maker maker, List<Question> questions) {
        var answers = new ArrayList<Answer>();
        for (int seed = 0; seed < counts.seeds(); seed++) {
            List<Canvas> pictures = maker.make(questions, seed);
            float[][] seen = evaluator.look(pictures);
            for (int i = 0; i < questions.size(); i++) {
                answers.add(new Answer(questions.get(i), pictures.get(i), seen[i]));
            }
        }
        return answers;
    }

    private static double mean(List<Answer> answers, java.util.function.Predicate<Answer> test) {
        return answers.stream().filter(test).count() / (double) answers.size();
    }

    private int rank(Answer answer) {
        return Retrieval.rank(
                answer.seen, names, distinct.indexOf(answer.question.first().name()));
    }

    private boolean isColour(Answer answer) {
        return Colour.dominant(answer.picture)
                .map(dominant -> dominant.colour() == answer.question.colour().orElseThrow())
                .orElse(false);
    }

    private boolean hasBoth(Answer answer) {
        int most = distinct.size() / 20;
        int second = distinct.indexOf(answer.question.second().orElseThrow().name());
        return rank(answer) < most && Retrieval.rank(answer.seen, names, second) < most;
    }

    List<Question> names() {
        return spread(counts.names()).stream()
                .map(one -> new Question(one.name(), one, Optional.empty(), Optional.empty()))
                .toList();
    }

    /** Every so many, so that all kinds are there. */
    private List<Emoji> spread(int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> emoji.get((int) ((long) i * emoji.size() / count)))
                .toList();
    }

    List<Question> colours(boolean heldOut) {
        var questions = new ArrayList<Question>();
        for (Emoji one : spread(Math.min(emoji.size(), 4 * counts.colours()))) {
            for (int i = 0; i < Colour.ALL.size() && questions.size() < counts.colours(); i++) {
                Colour colour = Colour.ALL.get((i + one.number()) % Colour.ALL.size());
                boolean own = Augmenter.own(one).filter(colour::equals).isPresent();
                if (!own && Augmenter.isHeldOut(one, colour) == heldOut) {
                    String text = Augmenter.caption(colour, one.name());
                    questions.add(new Question(text, one, Optional.of(colour), Optional.empty()));
                    break;
                }
            }
        }
        return questions;
    }

    List<Question> pairs() {
        List<Emoji> some = spread(counts.pairs());
        var questions = new ArrayList<Question>();
        for (int i = 0; i < some.size(); i++) {
            Emoji first = some.get(i);
            Emoji second = some.get((i + some.size() / 3) % some.size());
            questions.add(new Question(
                    first.name() + " with " + second.name(), first, Optional.empty(), Optional.of(second)));
        }
        return questions;
    }

    /** Real pictures: the ceiling of what the evaluator can see. */
    static Maker real() {
        return (questions, seed) -> questions.stream()
                .map(question -> {
                    Canvas first = question.colour()
                            .map(colour -> colour.paint(question.first().picture()))
                            .orElse(question.first().picture());
                    return question.second()
                            .map(second -> Augmenter.together(first, second.picture()))
                            .orElse(first);
                })
                .toList();
    }

    /**
     * No model at all: the emoji whose names have most words in common with the text, weighed by how rare they are, recoloured if the
     * text names a colour; two, if the text has a "with".
     */
    static Maker baseline(List<Emoji> emoji) {
        var search = new NameSearch(emoji);
        return (questions, seed) -> questions.stream()
                .map(question -> search.picture(question.text()))
                .toList();
    }

    /** A table for people. */
    static String table(Map<String, Map<String, Double>> columns) {
        var text = new StringBuilder(String.format("%-28s", "measure"));
        columns.keySet().forEach(column -> text.append(String.format("%14s", column)));
        text.append('\n');
        columns.values().stream()
                .max(Comparator.comparingInt(Map::size))
                .orElseThrow()
                .keySet()
                .forEach(measure -> {
                    text.append(String.format("%-28s", measure));
                    columns.values()
                            .forEach(column -> text.append(
                                    String.format(java.util.Locale.ROOT, "%13.1f%%", 100 * column.get(measure))));
                    text.append('\n');
                });
        return text.toString();
    }
}
