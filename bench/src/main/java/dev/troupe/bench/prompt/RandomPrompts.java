package dev.troupe.bench.prompt;

import java.util.SplittableRandom;

/**
 * Random words. The first word of every prompt is its own, so that no server can use what it computed for another; but for as many words as
 * are meant to be common to all, which stand before it.
 */
public final class RandomPrompts implements Prompts {
    private static final int LETTERS = 26;
    private static final int NAME = 6;
    private static final long NAMES = 308_915_776; // 26^6
    /** Shares no divisor with 26^6, so that every number below it gets a name of its own. */
    private static final long SPREAD = 195_032_401;

    /** Short and common, so that most tokenizers have a token for each. */
    private static final String[] WORDS =
            ("time year people way day man thing woman life child world school state family student group"
                            + " country problem hand part place case week company system program question work government number night point home"
                            + " water room mother area money story fact month lot right study book eye job word business issue side kind head"
                            + " house service friend father power hour game line end member law car city community name president team minute idea"
                            + " body information back parent face others level office door health person art war history party result change"
                            + " morning reason research girl guy moment air teacher force education foot boy age policy music market sense road"
                            + " river stone light summer winter garden window table paper green white black small large early young important few"
                            + " public bad same able good new first last long great little own other old high different")
                    .split(" ", -1);

    private final long seed;
    private final int words;
    private final String shared;

    /**
     * @param words of each prompt, its own name and the shared ones included
     * @param sharedWords how many of them begin every prompt
     */
    public RandomPrompts(long seed, int words, int sharedWords) {
        if (words < 1 || sharedWords < 0 || sharedWords >= words) {
            throw new IllegalArgumentException(sharedWords + " shared words of " + words);
        }
        this.seed = seed;
        this.words = words - sharedWords;
        StringBuilder text = new StringBuilder();
        SplittableRandom random = new SplittableRandom(~seed);
        for (int i = 0; i < sharedWords; i++) {
            text.append(word(random)).append(' ');
        }
        this.shared = text.toString();
    }

    @Override
    public String messages(long number) {
        StringBuilder text = new StringBuilder(8 * words + shared.length())
                .append("[{\"role\":\"user\",\"content\":\"")
                .append(shared);
        appendName(text, number);
        SplittableRandom random = new SplittableRandom(seed * 31 + number);
        for (int i = 1; i < words; i++) {
            text.append(' ').append(word(random));
        }
        return text.append("\"}]").toString();
    }

    private void appendName(StringBuilder text, long number) {
        long name = Math.floorMod(number * SPREAD + Math.floorMod(seed, NAMES), NAMES);
        for (int i = 0; i < NAME; i++) {
            text.append((char) ('a' + name % LETTERS));
            name /= LETTERS;
        }
    }

    private static String word(SplittableRandom random) {
        return WORDS[random.nextInt(WORDS.length)];
    }
}
