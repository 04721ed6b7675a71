package dev.troupe.models.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/** The Hugging Face hub over HTTPS. Files are checked against the SHA-256 that it states for them. */
final class HuggingFaceSource {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int MAX_LISTING_BYTES = 16 << 20;

    /** What one needs of a model's directory: weights, configuration, tokenizer and template. */
    private static final String WANTED = "[^/]+\\.safetensors|[^/]+\\.safetensors\\.index\\.json|config\\.json"
            + "|tokenizer\\.json|tokenizer_config\\.json|special_tokens_map\\.json|generation_config\\.json"
            + "|chat_template\\.(jinja|json)|README\\.md|LICENSE[^/]*";

    /** @param sha256 empty where the hub states none, as for small text files */
    record RemoteFile(String path, long bytes, String sha256) {}

    private final HubConfig config;
    private final HttpFetch http;

    HuggingFaceSource(HubConfig config) {
        this.config = config;
        this.http = new HttpFetch(config);
    }

    /** What the hub says of one file. */
    RemoteFile describe(String repository, String path) throws IOException {
        URI uri = uri(repository, path);
        HttpResponse<Void> response = http.head(uri);
        if (response.statusCode() >= 400) {
            throw HttpFetch.refused(uri, response.statusCode());
        }
        var headers = response.headers();
        long bytes = headers.firstValueAsLong("X-Linked-Size")
                .orElseGet(() -> headers.firstValueAsLong("Content-Length").orElse(0));
        String hash = headers.firstValue("X-Linked-Etag").orElse("").replace("\"", "");
        return new RemoteFile(path, bytes, hash.matches("[0-9a-f]{64}") ? hash : "");
    }

    /** The files of a repository that make a model. */
    List<RemoteFile> list(HuggingFaceName name) throws IOException {
        URI uri = address("/api/models/" + name.repository() + "/tree/main");
        HttpResponse<InputStream> response = http.get(uri, 0);
        JsonNode listing;
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw HttpFetch.refused(uri, response.statusCode());
            }
            listing = MAPPER.readTree(body.readNBytes(MAX_LISTING_BYTES));
        }
        List<RemoteFile> files = new ArrayList<>();
        for (JsonNode node : listing) {
            files.add(new RemoteFile(
                    node.path("path").asText(),
                    node.path("size").asLong(),
                    node.path("lfs").path("oid").asText("")));
        }
        return wanted(name, files);
    }

    private static List<RemoteFile> wanted(HuggingFaceName name, List<RemoteFile> files) {
        List<RemoteFile> wanted = files.stream()
                .filter(file -> file.path.matches(WANTED) && HuggingFaceName.isPlain(file.path))
                .toList();
        if (wanted.stream().anyMatch(file -> file.path.endsWith(".safetensors"))) {
            return wanted;
        }
        String ggufs = files.stream()
                .map(RemoteFile::path)
                .filter(path -> path.endsWith(".gguf"))
                .map(path -> HuggingFaceName.PREFIX + name.repository() + "/" + path)
                .collect(Collectors.joining(", "));
        throw new HubException(
                ggufs.isEmpty()
                        ? name + " holds neither safetensors nor GGUF files; choose another model"
                        : name + " holds GGUF files; name one of them: " + ggufs);
    }

    /** Fetches one file; it appears under its name only when it is whole and right. */
    void fetch(String repository, RemoteFile remote, Path target, LongConsumer progress) throws IOException {
        Files.createDirectories(target.getParent());
        Path part = target.resolveSibling(target.getFileName() + ".part");
        Space.require(target, remote.bytes - (Files.exists(part) ? Files.size(part) : 0));
        http.fetch(uri(repository, remote.path), part, remote.bytes, progress);
        if (!remote.sha256.isEmpty()) {
            Checksum.require(part, remote.path, remote.bytes, remote.sha256);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private URI uri(String repository, String path) {
        return address("/" + repository + "/resolve/main/" + path);
    }

    private URI address(String path) {
        return URI.create(config.huggingFace().toString().replaceAll("/+$", "") + path);
    }
}
