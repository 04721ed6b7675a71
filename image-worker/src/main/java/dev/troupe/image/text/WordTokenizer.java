package dev.troupe.image.text;

import dev.troupe.models.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a text into words, and each word into what it is known by: itself, if it is in the list, and its runs of three letters, by their
 * hash (Bojanowski and others: Enriching Word Vectors with Subword Information, 2017). So a word that is not in the list still resembles
 * those that are written like it.
 *
 * <p>Row 0 of the encoder's table stands for nothing, then come the begin, the empty place, the words, and the buckets of the hash.
 */
public final class WordTokenizer {
    /** The file of a tokenizer's folder: one word a line. */
    public static final String FILE = "words.txt";

    private static final int BEGIN = 1;
    private static final int EMPTY = 2;
    private static final int FIRST_WORD = 3;
    private static final int RUN = 3;

    /** They take places and tell nothing. */
    private static final Set<String> ARTICLES = Set.of("a", "an", "the");

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

    private final Map<String, Integer> words = new HashMap<>();
    private final int rows;
    private final int positions;
    private final int parts;

    /**
     * @param words in small letters, in the order of their rows
     * @param rows of the encoder's table; what the words leave are buckets
     * @param positions of the encoder
     * @param parts that a word may have
     */
    public WordTokenizer(List<String> words, int rows, int positions, int parts) {
        for (String word : words) {
            this.words.put(word, FIRST_WORD + this.words.size());
        }
        if (this.words.size() != words.size() || rows <= FIRST_WORD + words.size() || positions < 2 || parts < 1) {
            throw new IllegalArgumentException(words.size() + " words, some of them twice or too many for " + rows
                    + " rows; or no room in " + positions + " places of " + parts + " parts");
        }
        this.rows = rows;
        this.positions = positions;
        this.parts = parts;
    }

    /**
     * Reads a tokenizer's folder.
     *
     * @throws ModelFormatException if it has no list of words, or one that does not fit the encoder
     */
    public static WordTokenizer read(Path folder, int rows, int positions, int parts) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new ModelFormatException(folder + ": there is no " + FILE + "; fetch the model again");
        }
        try {
            return new WordTokenizer(Files.readAllLines(file), rows, positions, parts);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(file + ": " + e.getMessage() + "; fetch the file again", e);
        }
    }

    /**
     * A text as the encoder reads it.
     *
     * @param ids [positions, parts], 0 where there is no part
     * @param words how many the text has, without articles
     * @param left the end of the text that did not fit
     */
    @SuppressWarnings("ArrayRecordComponent") // made, handed over and dropped
    public record Words(long[] ids, int words, String left) {
        /** What to tell whoever wrote the text; {@code name} is what they call it. */
        public String warning(String name, int most) {
            return name + " has " + words + " words and the model reads the first " + most + "; it does not see: \""
                    + left + "\". Say it shorter, or the most important first";
        }
    }

    /** The most words of a text that are read. */
    public int most() {
        return positions - 1;
    }

    /** Cuts a text. */
    public Words encode(String text) {
        var ids = new long[positions * parts];
        ids[0] = BEGIN;
        String small = text.toLowerCase(Locale.ROOT);
        int count = 0;
        String left = "";
        Matcher matcher = WORD.matcher(small);
        while (matcher.find()) {
            if (ARTICLES.contains(matcher.group())) {
                continue;
            }
            count++;
            if (count < positions) {
                put(matcher.group(), ids, count * parts);
            } else if (left.isEmpty()) {
                left = small.substring(matcher.start()).strip();
            }
        }
        for (int place = count + 1; place < positions; place++) {
            ids[place * parts] = EMPTY;
        }
        return new Words(ids, count, left);
    }

    private void put(String word, long[] ids, int at) {
        int part = 0;
        Integer known = words.get(word);
        if (known != null) {
            ids[at + part++] = known;
        }
        String bounded = "<" + word + ">";
        for (int i = 0; i + RUN <= bounded.length() && part < parts; i++) {
            ids[at + part++] = bucket(bounded.substring(i, i + RUN));
        }
    }

    /** FNV-1a over the letters; part of the model, as its weights were learned with it. */
    private long bucket(String run) {
        int hash = 0x811C9DC5;
        for (int i = 0; i < run.length(); i++) {
            hash = (hash ^ run.charAt(i)) * 0x01000193;
        }
        int first = FIRST_WORD + words.size();
        return (long) first + Integer.remainderUnsigned(hash, rows - first);
    }

    /** The words of a text in small letters, without articles, for making a list of those that are known. */
    public static List<String> split(String text) {
        var found = new ArrayList<String>();
        Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            if (!ARTICLES.contains(matcher.group())) {
                found.add(matcher.group());
            }
        }
        return found;
    }
}
