package dev.troupe.router.refine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Politeness, hedges and hesitation: left out before a turn is read. */
final class Fillers {
    private static final List<List<String>> ANYWHERE = phrases(
            "please",
            "pls",
            "plz",
            "kindly",
            "thanks",
            "thank you",
            "thx",
            "for me",
            "if you can",
            "if possible",
            "could you",
            "can you",
            "would you",
            "will you",
            "can we",
            "could we",
            "can i",
            "could i",
            "may i",
            "you can",
            "you could",
            "do you mind",
            "would you mind",
            "i would like you to",
            "i would like to see it",
            "i would like to see",
            "i would like to have",
            "i would like",
            "i would love to see",
            "i would love",
            "i would prefer",
            "i want you to",
            "i want to see",
            "i want it to",
            "i want",
            "i need",
            "i think",
            "i guess",
            "i will take",
            "i prefer it",
            "hmm",
            "hm",
            "hmmm",
            "mm",
            "um",
            "uh",
            "er",
            "oh",
            "ah",
            "wow",
            "hey",
            "hi",
            "hello",
            "ok",
            "okay",
            "well",
            "maybe",
            "perhaps",
            "possibly",
            "actually",
            "basically",
            "simply",
            "just",
            "really",
            "a bit",
            "a little bit",
            "a tad",
            "slightly",
            "somewhat",
            "kind of",
            "sort of",
            "let us",
            "how about",
            "what about",
            "what if",
            "why not",
            "looks good",
            "looks nice",
            "looks great",
            "that is nice",
            "that is good",
            "that is great",
            "i like it",
            "i love it",
            "nice",
            "great",
            "cool",
            "perfect",
            "good",
            "awesome",
            "lovely",
            "yes",
            "yeah",
            "yep",
            "sure",
            "sorry",
            "meh",
            "that is worse",
            "that is wrong",
            "that is bad",
            "same thing",
            "the same",
            "same",
            "itself",
            "my mistake",
            "you know",
            "to see it",
            "this time",
            "see it",
            "have it");

    /** These mean something inside of a sentence. */
    private static final List<List<String>> AT_THE_BEGINNING =
            phrases("so", "no ,", "nope ,", "not that ,", "and", "but", "also", ",");

    private Fillers() {}

    static List<Token> without(List<Token> tokens) {
        List<Token> kept = new ArrayList<>();
        int at = 0;
        while (at < tokens.size()) {
            int length = length(ANYWHERE, tokens, at);
            if (length == 0 && kept.isEmpty()) {
                length = length(AT_THE_BEGINNING, tokens, at);
            }
            if (length == 0 && isHedge(tokens, at)) {
                length = 2;
            }
            if (length == 0) {
                kept.add(tokens.get(at++));
            } else {
                at += length;
            }
        }
        while (!kept.isEmpty() && kept.get(kept.size() - 1).isPause()) {
            kept.remove(kept.size() - 1);
        }
        return kept;
    }

    /** "A little bigger", but not "a little hat". */
    private static boolean isHedge(List<Token> tokens, int at) {
        return Phrases.isAt(tokens, at, List.of("a", "little"))
                && at + 2 < tokens.size()
                && tokens.get(at + 2).word().matches(".*er|more|less|too");
    }

    private static int length(List<List<String>> phrases, List<Token> tokens, int at) {
        for (List<String> phrase : phrases) {
            if (Phrases.isAt(tokens, at, phrase)) {
                return phrase.size();
            }
        }
        return 0;
    }

    private static List<List<String>> phrases(String... phrases) {
        return Stream.of(phrases)
                .map(phrase -> List.of(phrase.split(" ")))
                .sorted(Comparator.comparingInt((List<String> phrase) -> phrase.size())
                        .reversed())
                .toList();
    }
}
