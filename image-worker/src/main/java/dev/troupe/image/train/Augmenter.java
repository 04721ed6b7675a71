package dev.troupe.image.train;

import dev.troupe.image.train.Draws.Purpose;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes samples out of emoji: as they are, in other colours, two together, on coloured ground, moved a little; with a caption that says so.
 * Some pairs of colour and emoji are held out, so that it can be measured what a model makes of a pair that it has never seen.
 */
final class Augmenter {
    private static final double HELD_OUT = 0.15;
    private static final List<String> FRAMES =
            List.of("%s", "%s", "%s", "a %s", "an emoji of %s", "%s emoji", "a picture of %s");

    private final List<Emoji> emoji;
    private final long seed;
    private final Mixture mixture;

    /**
     * How often what is made of an emoji; the rest of the time it stays as it is.
     *
     * @param colour it takes another
     * @param pair it stands with another
     * @param ground it stands on a colour
     * @param moved and is moved by more than a pixel
     */
    record Mixture(double colour, double pair, double ground, double moved) {
        /** For the models that are served. */
        static final Mixture FULL = new Mixture(0.22, 0.10, 0.08, 0.5);
        /** For the evaluator. */
        static final Mixture EVALUATOR = new Mixture(0.15, 0.15, 0.12, 0.8);
    }

    Augmenter(List<Emoji> emoji, long seed, Mixture mixture) {
        this.emoji = emoji;
        this.seed = seed;
        this.mixture = mixture;
    }

    /** Sample number {@code index}; numbers that follow each other go through all emoji in turn, each time in another order. */
    Sample sample(long index) {
        int count = emoji.size();
        long round = index / count;
        var draws = new Draws(seed, Purpose.SAMPLE, index);
        return of(emoji.get(Order.of(seed, round, count).at((int) (index % count))), draws);
    }

    private Sample of(Emoji one, Draws draws) {
        double what = draws.uniform();
        String name = one.names().get(draws.below(one.names().size()));
        Sample sample;
        if (what < mixture.pair) {
            sample = pair(one, emoji.get(draws.below(emoji.size())), draws);
        } else if (what < mixture.pair + mixture.colour) {
            sample = coloured(one, name, draws);
        } else {
            sample = new Sample(one.picture(), framed(name, draws));
        }
        sample = draws.with(mixture.moved) ? moved(sample, draws) : sample;
        return draws.with(mixture.ground) ? grounded(sample, draws) : sample;
    }

    private static String framed(String name, Draws draws) {
        return String.format(Locale.ROOT, FRAMES.get(draws.below(FRAMES.size())), name);
    }

    private Sample coloured(Emoji one, String name, Draws draws) {
        Colour colour = Colour.ALL.get(draws.below(Colour.ALL.size()));
        if (isHeldOut(one, colour)) {
            return new Sample(one.picture(), framed(name, draws));
        }
        return new Sample(colour.paint(one.picture()), framed(caption(colour, name), draws));
    }

    /** Whether no model is trained on this emoji in this colour. */
    static boolean isHeldOut(Emoji one, Colour colour) {
        // The same for every seed: the evaluator must not have seen them either.
        return new Draws(0, Purpose.HELD_OUT, one.number() * 64L + Colour.ALL.indexOf(colour)).with(HELD_OUT);
    }

    /** "green apple" of "red apple". */
    static String caption(Colour colour, String name) {
        String without = Arrays.stream(name.split(" "))
                .filter(word -> !Colour.isNamed(word))
                .collect(Collectors.joining(" "));
        return colour.word() + " " + (without.isEmpty() ? name : without);
    }

    /** The first above left, the second below right and in front. */
    static Canvas together(Canvas first, Canvas second) {
        return second.moved(0.55, 14, 14, false).over(first.moved(0.62, -11, -11, false));
    }

    private Sample pair(Emoji one, Emoji other, Draws draws) {
        String name = one.names().get(draws.below(one.names().size()));
        String second = other.names().get(draws.below(other.names().size()));
        Canvas first = one.picture();
        if (draws.with(0.15)) {
            Colour colour = Colour.ALL.get(draws.below(Colour.ALL.size()));
            if (!isHeldOut(one, colour)) {
                first = colour.paint(first);
                name = caption(colour, name);
            }
        }
        return new Sample(together(first, other.picture()), name + (draws.with(0.7) ? " with " : " and ") + second);
    }

    private static Sample moved(Sample sample, Draws draws) {
        double scale = draws.between(0.8, 1.02);
        double room = Math.max(1, (1 - scale) * EmojiData.SIDE / 2);
        return new Sample(
                sample.picture().moved(scale, draws.between(-room, room), draws.between(-room, room), false),
                sample.caption());
    }

    private static Sample grounded(Sample sample, Draws draws) {
        Colour colour = Colour.ALL.get(draws.below(Colour.ALL.size()));
        var rgb = new float[3];
        colour.lab().toSrgb(rgb);
        Canvas ground = Canvas.filled(EmojiData.SIDE, rgb);
        return new Sample(
                sample.picture().moved(0.85, 0, 0, false).over(ground),
                sample.caption() + " on a " + colour.word() + " background");
    }

    /** The emoji's own colour, if it has one that has a name. */
    static Optional<Colour> own(Emoji one) {
        return Colour.dominant(one.picture()).map(Colour.Dominant::colour);
    }
}
