package dev.troupe.bench.dialogue;

import dev.troupe.bench.BenchException;
import dev.troupe.bench.load.Endpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code troupe bench dialogues}. Exit code 1 when no dialogue came to its end. */
@Command(
        name = "dialogues",
        description =
                "Refine pictures in conversation and measure whether the asked change happened and the rest stayed.",
        sortOptions = false)
public final class DialoguesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--url", paramLabel = "URL", description = "Server to ask (default: ${DEFAULT-VALUE}).")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(names = "--model", paramLabel = "ID", description = "Picture model to ask (default: the server's).")
    private String model;

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            description = "Key to show (default: $$TROUPE_API_KEY, else none).")
    private String apiKey = System.getenv("TROUPE_API_KEY");

    @Option(
            names = "--set",
            paramLabel = "SET",
            description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Dialogue.Set set = Dialogue.Set.DIALOGUES;

    @Option(names = "--only", paramLabel = "TEXT", description = "Those whose id or kind has this in it.")
    private String only = "";

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "How often to play each, with seeds from 1 (default: ${DEFAULT-VALUE}).")
    private int seeds = 4;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long to wait for a picture (default: ${DEFAULT-VALUE}).")
    private long timeout = 300;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all findings there, too.")
    private Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write all pictures there, to look at.")
    private Path html;

    @Override
    public Integer call() {
        refuse(seeds < 1, "--seeds must be positive");
        refuse(timeout < 1, "--timeout must be positive");
        List<Dialogue> dialogues = Dialogue.read(set).stream()
                .filter(dialogue ->
                        dialogue.id().contains(only) || dialogue.kind().contains(only))
                .toList();
        refuse(dialogues.isEmpty(), "--only " + only + ": no dialogue has that in its id or kind");
        Endpoint endpoint = Endpoint.of("--url", url, Optional.ofNullable(apiKey));
        DialoguePlay play =
                new DialoguePlay(new ImageClient(endpoint, Optional.ofNullable(model), Duration.ofSeconds(timeout)));
        PrintWriter out = spec.commandLine().getOut();
        List<Played> all = new ArrayList<>();
        for (Dialogue dialogue : dialogues) {
            for (long seed = 1; seed <= seeds; seed++) {
                Played played = play.play(dialogue, seed);
                all.add(played);
                out.println((played.holds() ? "yes " : "no  ") + dialogue.id() + ", seed " + seed);
                out.flush();
            }
        }
        out.print(DialogueReport.text(all));
        out.flush();
        write(json, DialogueReport.json(all));
        write(html, DialogueReport.html(all));
        return all.stream().allMatch(played -> !played.error().isEmpty()) ? 1 : 0;
    }

    private void refuse(boolean wrong, String message) {
        if (wrong) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    private static void write(Path file, String text) {
        if (file == null) {
            return;
        }
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new BenchException("cannot write " + file + ": " + e, e);
        }
    }
}
