package dev.troupe.models.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model on the Hugging Face hub.
 *
 * @param repository {@code org/repo}
 * @param file one GGUF of it; empty for the whole directory
 */
record HuggingFaceName(String repository, Optional<String> file) {
    static final String PREFIX = "hf:";

    // No part starts with a dot, so that none leads out of the directory it is put in.
    private static final String PART = "[A-Za-z0-9_][A-Za-z0-9._-]*";
    private static final Pattern NAME =
            Pattern.compile("(" + PART + "/" + PART + ")(?:/((?:" + PART + "/)*" + PART + "\\.gguf))?");

    /** Of {@code org/repo} or {@code org/repo/file.gguf}, with or without the prefix. */
    static HuggingFaceName parse(String text) {
        Matcher matcher = NAME.matcher(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text);
        if (!matcher.matches()) {
            throw new HubException(
                    "'" + text + "' names no model of the Hugging Face hub; write hf:org/repo for a whole"
                            + " model or hf:org/repo/file.gguf for one file of it");
        }
        return new HuggingFaceName(matcher.group(1), Optional.ofNullable(matcher.group(2)));
    }

    /** Whether a path within a repository is a plain one below it. */
    static boolean isPlain(String path) {
        return path.matches("(?:" + PART + "/)*" + PART);
    }

    @Override
    public String toString() {
        return PREFIX + repository + file.map(name -> "/" + name).orElse("");
    }
}
