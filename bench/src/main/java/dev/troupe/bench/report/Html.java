package dev.troupe.bench.report;

/** Text in a page. */
public final class Html {
    private Html() {}

    /** @return text that means itself, between tags and inside quotation marks */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
