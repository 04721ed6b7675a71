package dev.troupe.image.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.models.ModelFormatException;
import dev.troupe.models.weights.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tokenizer of CLIP (Radford and others: Learning Transferable Visual Models From Natural Language Supervision, 2021; its {@code
 * simple_tokenizer.py}): text in lower case, cut into words, numbers and runs of signs, each of them byte-pair encoded with a mark at its end.
 *
 * <p>Why not the tokenizer of {@code models}: directories of Stable Diffusion mostly have no {@code tokenizer.json}, and what was cut
 * off must be told in the text's own words.
 */
public final class ClipTokenizer {
    private static final String WORD_END = "</w>";
    private static final String BEGIN = "<|startoftext|>";
    private static final String END = "<|endoftext|>";

    private static final Pattern SPECIAL = Pattern.compile(Pattern.quote(BEGIN) + "|" + Pattern.quote(END));
    private static final Pattern WORDS = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\s\\p{L}\\p{N}]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern SPACES = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    /** Far above any prompt; byte-pair encoding is quadratic in a word. */
    private static final int LONGEST_WORD = 128;

    private static final char[] BYTES = byteCharacters();

    private final ClipVocabulary vocabulary;
    private final int positions;
    private final int begin;
    private final int end;
    private final int pad;

    private ClipTokenizer(ClipVocabulary vocabulary, int positions, int begin, int end, int pad) {
        this.vocabulary = vocabulary;
        this.positions = positions;
        this.begin = begin;
        this.end = end;
        this.pad = pad;
    }

    /**
     * Reads the {@code tokenizer} folder of a diffusers directory.
     *
     * @param positions of the text encoder
     * @param vocab rows of its embedding
     * @throws ModelFormatException if a file is missing or damaged, or belongs to another encoder
     */
    public static ClipTokenizer read(Path directory, int positions, int vocab) throws IOException {
        ClipVocabulary vocabulary = ClipVocabulary.read(directory);
        int largest = vocabulary.ids().values().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(-1);
        if (largest >= vocab) {
            throw new ModelFormatException(
                    directory + ": has a token with id " + largest + " and the text encoder only " + vocab
                            + " embeddings; fetch tokenizer and text encoder of the same model");
        }
        return new ClipTokenizer(
                vocabulary,
                positions,
                special(directory, vocabulary, BEGIN),
                special(directory, vocabulary, END),
                special(directory, vocabulary, padToken(directory)));
    }

    private static int special(Path directory, ClipVocabulary vocabulary, String token) {
        Integer id = vocabulary.ids().get(token);
        if (id == null) {
            throw new ModelFormatException(
                    directory + ": the vocabulary has no token '" + token + "'; use a CLIP tokenizer");
        }
        return id;
    }

    /** Stable Diffusion 1 pads with the end, 2 with an exclamation mark. */
    private static String padToken(Path directory) throws IOException {
        for (String name : List.of("special_tokens_map.json", "tokenizer_config.json")) {
            Path path = directory.resolve(name);
            if (Files.isRegularFile(path)) {
                JsonNode token = Json.read(path).node().path("pad_token");
                if (token.isTextual() || token.path("content").isTextual()) {
                    return token.isTextual()
                            ? token.textValue()
                            : token.path("content").textValue();
                }
            }
        }
        return END;
    }

    /** A text as the encoder reads it; what is beyond the encoder's positions is left out and told. */
    public Prompt encode(String text) {
        var ids = new ArrayList<Integer>();
        int room = positions - 2;
        String left = "";
        int at = 0;
        Matcher special = SPECIAL.matcher(text);
        while (at <= text.length()) {
            boolean found = special.find();
            left = words(text.substring(at, found ? special.start() : text.length()), ids, room, left);
            if (!found) {
                break;
            }
            left = add(List.of(vocabulary.ids().get(special.group())), special.group(), ids, room, left);
            at = special.end();
        }
        var row = new int[positions];
        Arrays.fill(row, pad);
        row[0] = begin;
        int kept = Math.min(room, ids.size());
        for (int i = 0; i < kept; i++) {
            row[i + 1] = ids.get(i);
        }
        row[kept + 1] = end;
        return new Prompt(TokenIds.of(row), ids.size(), left.strip());
    }

    /** Adds the tokens of a text without special ones; {@code left} grows by what comes too late. */
    private String words(String text, List<Integer> ids, int room, String left) {
        String normal = lower(
                SPACES.matcher(Normalizer.normalize(text, Normalizer.Form.NFC)).replaceAll(" "));
        var late = new StringBuilder(left);
        Matcher words = WORDS.matcher(normal);
        int seen = 0;
        while (words.find()) {
            String word = words.group();
            for (int from = 0; from < word.length(); from += LONGEST_WORD) {
                pieces(word.substring(from, Math.min(word.length(), from + LONGEST_WORD)), ids);
            }
            if (ids.size() > room) {
                // With the spaces before it, if it is not the first.
                late.append(normal, late.length() == 0 ? words.start() : seen, words.end());
            }
            seen = words.end();
        }
        return late.toString();
    }

    private static String add(List<Integer> more, String text, List<Integer> ids, int room, String left) {
        ids.addAll(more);
        return ids.size() > room ? left + text : left;
    }

    /** Letter by letter, as the reference does: a sigma at a word's end is one like any other. */
    private static String lower(String text) {
        var lower = new StringBuilder(text.length());
        text.codePoints().forEach(c -> lower.append(Character.toString(c).toLowerCase(Locale.ROOT)));
        return lower.toString();
    }

    private void pieces(String word, List<Integer> ids) {
        var parts = new ArrayList<String>();
        for (byte b : word.getBytes(UTF_8)) {
            parts.add(String.valueOf(BYTES[b & 0xff]));
        }
        parts.set(parts.size() - 1, parts.get(parts.size() - 1) + WORD_END);
        int best = bestPair(parts);
        while (best >= 0) {
            String left = parts.get(best);
            String right = parts.get(best + 1);
            merge(parts, left, right);
            best = bestPair(parts);
        }
        Map<String, Integer> known = vocabulary.ids();
        parts.forEach(part -> ids.add(known.getOrDefault(part, end))); // the unknown token is the end
    }

    /** Where the pair stands that is merged first; negative if none is left. */
    private int bestPair(List<String> parts) {
        int best = -1;
        int bestRank = Integer.MAX_VALUE;
        for (int i = 0; i + 1 < parts.size(); i++) {
            int rank = vocabulary.ranks().getOrDefault(parts.get(i) + " " + parts.get(i + 1), Integer.MAX_VALUE);
            if (rank < bestRank) {
                bestRank = rank;
                best = i;
            }
        }
        return best;
    }

    private static void merge(List<String> parts, String left, String right) {
        var merged = new ArrayList<String>();
        for (int i = 0; i < parts.size(); i++) {
            boolean pair = i + 1 < parts.size()
                    && parts.get(i).equals(left)
                    && parts.get(i + 1).equals(right);
            merged.add(pair ? left + right : parts.get(i));
            i += pair ? 1 : 0;
        }
        parts.clear();
        parts.addAll(merged);
    }

    /** A printable character for each byte (Radford and others: GPT-2, {@code bytes_to_unicode}): itself, or one from U+0100 on. */
    private static char[] byteCharacters() {
        var characters = new char[256];
        int others = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || (b >= 0xae && b <= 0xff);
            characters[b] = (char) (printable ? b : others++);
        }
        return characters;
    }
}
