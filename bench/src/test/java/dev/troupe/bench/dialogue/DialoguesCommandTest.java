package dev.troupe.bench.dialogue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.troupe.bench.BenchCommand;
import java.awt.Color;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command against a server that paints discs. */
class DialoguesCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final Map<String, byte[]> pictures = new ConcurrentHashMap<>();
    private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
    private boolean obeys = true;
    private int status = 200;
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/v1/conversations", exchange -> answer(exchange, 200, "{\"id\":\"conv_1\"}".getBytes(UTF_8)));
        server.createContext("/v1/generate-image", this::generate);
        server.createContext(
                "/images/",
                exchange -> answer(
                        exchange, 200, pictures.get(exchange.getRequestURI().getPath())));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aServerThatRefinesIsSeenToDoSo() throws IOException {
        Path json = folder.resolve("found.json");
        Path html = folder.resolve("look.html");

        String said = run(
                0, "--only", "recolour-whole", "--seeds", "2", "--json", json.toString(), "--html", html.toString());

        assertThat(said)
                .contains("dialogue             2 of 2")
                .contains("overlap              4 of 4")
                .contains("colour               4 of 4");
        assertThat(JSON.readTree(Files.readString(json))
                        .at("/dialogues/1/turns/1/revised_prompt")
                        .asText())
                .isEqualTo("a blue apple");
        assertThat(Files.readString(html)).contains("data:image/png;base64,").contains("make it blue");
        assertThat(asked.stream().map(body -> body.path("seed").asLong(-1)))
                .containsExactly(1L, -1L, -1L, 2L, -1L, -1L);
        assertThat(asked).allMatch(body -> body.path("conversation").asText().equals("conv_1"));
    }

    @Test
    void aServerThatPaintsTheSameAgainIsSeenToDoThat() throws IOException {
        obeys = false;

        assertThat(run(0, "--only", "recolour-whole", "--seeds", "1"))
                .contains("dialogue             0 of 1")
                .contains("colour               0 of 2");
    }

    @Test
    void aServerThatRefusesIsToldOfAndTheExitCodeIsOne() throws IOException {
        status = 503;

        assertThat(run(1, "--only", "recolour-whole", "--seeds", "1")).contains("status 503, no replica <here>");
    }

    @Test
    void aPageShowsAServersWordsAsWords() {
        Dialogue dialogue = Dialogue.read(Dialogue.Set.DIALOGUES).get(0);
        Played played = new Played(dialogue, 1, List.of(new Played.Step("<script>", "a \"b\"", "", List.of())), "<b>");

        assertThat(DialogueReport.html(List.of(played)))
                .doesNotContain("<script>")
                .doesNotContain("<b><")
                .contains("&lt;script&gt;");
    }

    @Test
    void optionsThatMeanNothingAreRefused() {
        assertThat(run(2, "--only", "xyz")).contains("no dialogue has that");
        assertThat(run(2, "--seeds", "0")).contains("--seeds must be positive");
    }

    private void generate(HttpExchange exchange) throws IOException {
        JsonNode body = JSON.readTree(exchange.getRequestBody());
        asked.add(body);
        if (status != 200) {
            answer(exchange, status, "{\"error\":{\"message\":\"no replica <here>\"}}".getBytes(UTF_8));
            return;
        }
        String words = body.path("prompt").asText();
        String colour = !obeys || words.contains("red") ? "red" : words.contains("blue") ? "blue" : "green";
        Color fill = Map.of("red", Color.RED, "blue", Color.BLUE, "green", new Color(0x20a040))
                .get(colour);
        String path = "/images/" + asked.size() + ".png";
        pictures.put(path, Drawn.png(Drawn.disc(64, Drawn.NONE, fill, 20)));
        String answer = JSON.createObjectNode()
                .put("image_url", path)
                .put("image_id", "img_" + asked.size())
                .put("revised_prompt", "a " + colour + " apple")
                .toString();
        answer(exchange, 200, answer.getBytes(UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String run(int exit, String... options) {
        StringWriter said = new StringWriter();
        CommandLine command = new CommandLine(new BenchCommand());
        command.setOut(new PrintWriter(said)).setErr(new PrintWriter(said));
        String[] all = new String[options.length + 3];
        all[0] = "dialogues";
        all[1] = "--url";
        all[2] = "http://127.0.0.1:" + server.getAddress().getPort();
        System.arraycopy(options, 0, all, 3, options.length);
        int code = command.execute(all);
        assertThat(code).as(said.toString()).isEqualTo(exit);
        return said.toString();
    }
}
