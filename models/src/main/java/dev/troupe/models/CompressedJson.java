package dev.troupe.models;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A JSON text of some megabytes, kept compressed. Immutable. */
public final class CompressedJson {
    /** Far above any tokenizer.json (Gemma's has 33 MB), far below what would hurt. */
    private static final int MAX_BYTES = 256 << 20;

    private final byte[] gzip;

    private CompressedJson(byte[] gzip) {
        this.gzip = gzip;
    }

    public static CompressedJson compress(byte[] json) {
        var out = new ByteArrayOutputStream(json.length / 4);
        try (var zip = new GZIPOutputStream(out, 1 << 16)) {
            zip.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to write", e);
        }
        return new CompressedJson(out.toByteArray());
    }

    static CompressedJson ofGzip(byte[] gzip) {
        return new CompressedJson(gzip.clone());
    }

    byte[] gzip() {
        return gzip.clone();
    }

    /** @throws ModelFormatException when it cannot be uncompressed or is larger than any tokenizer */
    public byte[] uncompress() {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(gzip), 1 << 16)) {
            byte[] json = in.readNBytes(MAX_BYTES + 1);
            if (json.length > MAX_BYTES) {
                throw new ModelFormatException(
                        "compressed JSON grows above " + (MAX_BYTES >> 20) + " MB; use another file of this model");
            }
            return json;
        } catch (IOException e) {
            throw new ModelFormatException("compressed JSON is broken: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CompressedJson json && Arrays.equals(gzip, json.gzip);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(gzip);
    }

    @Override
    public String toString() {
        return "CompressedJson[" + gzip.length + " bytes]";
    }
}
