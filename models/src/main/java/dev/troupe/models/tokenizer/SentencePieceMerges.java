package dev.troupe.models.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The merges that a SentencePiece BPE vocabulary implies. It stores a score per piece and joins the neighbours whose
 * union scores best; BPE as Hugging Face runs it wants the pairs in order. So every split of a piece into two others is a
 * pair, best piece first, as {@code generate_merges} of transformers' {@code convert_slow_tokenizer.py} does it.
 */
final class SentencePieceMerges {
    /** Two pieces and the one that they make. */
    record Merge(String left, String right, float score) {}

    private SentencePieceMerges() {}

    /** @param scores of the ordinary pieces; control, byte and user-defined ones never come from a merge */
    static List<Merge> of(Map<String, Float> scores) {
        List<Merge> merges = new ArrayList<>();
        scores.forEach((piece, score) -> {
            for (int cut = piece.offsetByCodePoints(0, 1); cut < piece.length(); ) {
                String left = piece.substring(0, cut);
                String right = piece.substring(cut);
                if (scores.containsKey(left) && scores.containsKey(right)) {
                    merges.add(new Merge(left, right, score));
                }
                cut = piece.offsetByCodePoints(cut, 1);
            }
        });
        merges.sort(Comparator.comparingDouble((Merge merge) -> -merge.score));
        return merges;
    }
}
