package dev.troupe.node;

import dev.troupe.node.chat.ChatClient;
import dev.troupe.node.chat.Conversation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "chat", description = "Talk with a model in the terminal.", sortOptions = false)
final class ChatCommand implements Callable<Integer> {
    private static final String API_KEY = "TROUPE_API_KEY";

    @Option(names = "--url", paramLabel = "URL", description = "Server to talk to (default: ${DEFAULT-VALUE}).")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(names = "--model", paramLabel = "ID", description = "Model to talk with (default: the server's first).")
    private String model;

    @Option(names = "--system", paramLabel = "TEXT", description = "Instructions for the model.")
    private String system = "";

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "How freely the model speaks, 0 to 2; small models wander at 1 (default: ${DEFAULT-VALUE}).")
    private double temperature = 0.3;

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description = "File whose first line is the key to show (default: $$" + API_KEY + ", else none).")
    private Path apiKeyFile;

    @Mixin
    private TrustOption trust;

    @Override
    public Integer call() throws InterruptedException {
        if (url.getScheme() == null || !url.getScheme().matches("https?") || url.getHost() == null) {
            throw new UserError("--url takes http://host:port, not \"" + url + "\"");
        }
        ChatClient client = new ChatClient(trust.client(), url, apiKey(System.getenv()), temperature);
        Signals.on("INT", () -> {
            if (!client.cancel()) {
                System.out.print(System.lineSeparator() + "(Ctrl-D ends the talk)" + System.lineSeparator() + "> ");
                System.out.flush();
            }
        });
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        try {
            new Conversation(client, chosenModel(client), system, in, System.out).run();
        } catch (IOException e) {
            throw new UserError("no answer from " + url + ": " + reason(e) + "; is a server running there?", e);
        }
        return 0;
    }

    private Optional<String> apiKey(Map<String, String> environment) {
        if (apiKeyFile == null) {
            return Optional.ofNullable(environment.get(API_KEY)).map(key -> checked(API_KEY, key));
        }
        try {
            String first = Files.readString(apiKeyFile).lines().findFirst().orElse("");
            return Optional.of(checked(apiKeyFile.toString(), first));
        } catch (IOException e) {
            throw new UserError("cannot read --api-key-file " + apiKeyFile + ": " + e, e);
        }
    }

    /** What cannot stand in a header would be shown in the exception that it causes there. */
    private static String checked(String where, String key) {
        if (!key.strip().matches("[!-~]+")) {
            throw new UserError(where + " holds no key");
        }
        return key.strip();
    }

    private String chosenModel(ChatClient client) throws IOException, InterruptedException {
        List<String> models = client.models();
        if (models.isEmpty()) {
            throw new UserError(url + " serves no model yet; try again when it says it is ready");
        }
        if (model != null && !models.contains(model)) {
            throw new UserError(url + " does not serve \"" + model + "\"; it serves " + String.join(", ", models));
        }
        return model == null ? models.get(0) : model;
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? "the connection was refused" : e.getMessage();
    }
}
