package dev.troupe.bench.dialogue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.bench.report.Html;
import java.util.List;
import java.util.Locale;

/** What was played, as a table, as JSON, and as a page to look at. */
final class DialogueReport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STYLE =
            "body{font:14px sans-serif;margin:2em;color:#222}section{display:flex;gap:1em;flex-wrap:wrap;margin-bottom:1.5em}"
                    + "figure{margin:0;width:180px}img{width:160px;height:160px;object-fit:contain;border:1px solid #ccc;"
                    + "background:repeating-conic-gradient(#eee 0 25%,#fff 0 50%) 0 0/16px 16px}"
                    + ".no{color:#b00020}.yes{color:#1b7f3b}figcaption small{display:block}";

    private DialogueReport() {}

    static String text(List<Played> all) {
        StringBuilder text = new StringBuilder();
        Played.shares(all).forEach((what, share) -> text.append(String.format(Locale.ROOT, "%-20s %s%n", what, share)));
        for (Played played : all) {
            if (!played.error().isEmpty()) {
                text.append(String.format(
                        Locale.ROOT, "%s, seed %d: %s%n", played.dialogue().id(), played.seed(), played.error()));
            }
        }
        return text.toString();
    }

    static String json(List<Played> all) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode shares = root.putObject("shares");
        Played.shares(all)
                .forEach((what, share) ->
                        shares.putObject(what).put("held", share.held()).put("all", share.all()));
        for (Played played : all) {
            ObjectNode node = root.withArray("dialogues")
                    .addObject()
                    .put("id", played.dialogue().id())
                    .put("kind", played.dialogue().kind())
                    .put("seed", played.seed())
                    .put("holds", played.holds());
            if (!played.error().isEmpty()) {
                node.put("error", played.error());
            }
            for (Played.Step step : played.steps()) {
                ObjectNode turn = node.withArray("turns")
                        .addObject()
                        .put("words", step.words())
                        .put("revised_prompt", step.prompt());
                step.findings().forEach(finding -> turn.withArray("findings")
                        .addObject()
                        .put("what", finding.what())
                        .put("asked", finding.asked())
                        .put("found", finding.found())
                        .put("holds", finding.holds()));
            }
        }
        return root.toPrettyString();
    }

    /** One page that needs nothing else. */
    static String html(List<Played> all) {
        StringBuilder page = new StringBuilder(
                        "<!doctype html><meta charset=\"utf-8\"><title>Pictures refined</title><style>")
                .append(STYLE)
                .append("</style><h1>Pictures refined</h1><ul>");
        Played.shares(all).forEach((what, share) -> page.append("<li>")
                .append(Html.escaped(what + ": " + share))
                .append("</li>"));
        page.append("</ul>");
        all.forEach(played -> dialogue(page, played));
        return page.toString();
    }

    private static void dialogue(StringBuilder page, Played played) {
        page.append("<h2 class=\"")
                .append(played.holds() ? "yes" : "no")
                .append("\">")
                .append(Html.escaped(played.dialogue().id() + ", seed " + played.seed()))
                .append("</h2>");
        if (!played.error().isEmpty()) {
            page.append("<p class=\"no\">").append(Html.escaped(played.error())).append("</p>");
        }
        page.append("<section>");
        for (Played.Step step : played.steps()) {
            // The type does not matter: browsers look at the bytes.
            page.append("<figure><img alt=\"\" src=\"data:image/png;base64,")
                    .append(step.picture())
                    .append("\"><figcaption><b>")
                    .append(Html.escaped(step.words()))
                    .append("</b><small>")
                    .append(Html.escaped(step.prompt()))
                    .append("</small>");
            step.findings().forEach(finding -> page.append("<small class=\"")
                    .append(finding.holds() ? "yes" : "no")
                    .append("\">")
                    .append(Html.escaped(finding.what() + " " + finding.asked() + ": " + finding.found()))
                    .append("</small>"));
            page.append("</figcaption></figure>");
        }
        page.append("</section>");
    }
}
