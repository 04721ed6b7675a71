package dev.troupe.models;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A card as bytes: a version, then the fields in order. Strings and byte arrays have their length before them, optional
 * fields a 0 or 1; all big-endian.
 */
final class ModelCardCodec {
    private static final int VERSION = 1;

    private ModelCardCodec() {}

    static byte[] encode(ModelCard card) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            write(out, card.id());
            write(out, card.fingerprint());
            out.writeInt(card.contextLength());
            out.writeInt(card.vocabSize());
            write(out, card.specialTokens());
            write(out, card.tokenizer().gzip());
            out.writeBoolean(card.chatTemplate().isPresent());
            write(out, card.chatTemplate().orElse(""));
            write(out, card.licence());
            out.writeLong(card.created());
            write(out, card.defaults());
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to write", e);
        }
        return bytes.toByteArray();
    }

    static ModelCard decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            int version = in.get();
            if (version != VERSION) {
                throw new IllegalArgumentException("a model card of version " + version
                        + ", but this node knows version " + VERSION + "; run the same release on every node");
            }
            ModelCard card = readCard(in);
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("a model card with " + in.remaining() + " bytes too many");
            }
            return card;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a model card that ends after " + bytes.length + " bytes", e);
        }
    }

    private static ModelCard readCard(ByteBuffer in) {
        String id = readString(in);
        String fingerprint = readString(in);
        int contextLength = in.getInt();
        int vocabSize = in.getInt();
        SpecialTokens specialTokens = readSpecialTokens(in);
        CompressedJson tokenizer = CompressedJson.ofGzip(readBytes(in));
        boolean hasTemplate = in.get() != 0;
        String template = readString(in);
        return new ModelCard(
                id,
                fingerprint,
                contextLength,
                vocabSize,
                specialTokens,
                tokenizer,
                hasTemplate ? Optional.of(template) : Optional.empty(),
                readString(in),
                in.getLong(),
                readDefaults(in));
    }

    private static void write(DataOutputStream out, SpecialTokens tokens) throws IOException {
        write(out, tokens.bosId());
        write(out, tokens.bosToken());
        write(out, tokens.eosToken());
        out.writeInt(tokens.eosIds().size());
        for (int id : tokens.eosIds()) {
            out.writeInt(id);
        }
    }

    private static SpecialTokens readSpecialTokens(ByteBuffer in) {
        OptionalInt bos = readOptionalInt(in);
        String bosToken = readString(in);
        String eosToken = readString(in);
        int count = readLength(in, Integer.BYTES);
        List<Integer> eos = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            eos.add(in.getInt());
        }
        return new SpecialTokens(bos, bosToken, eosToken, eos);
    }

    private static void write(DataOutputStream out, GenerationDefaults defaults) throws IOException {
        write(out, defaults.temperature());
        write(out, defaults.topP());
        write(out, defaults.topK());
        write(out, defaults.minP());
        write(out, defaults.repetitionPenalty());
    }

    private static GenerationDefaults readDefaults(ByteBuffer in) {
        return new GenerationDefaults(
                readOptionalDouble(in),
                readOptionalDouble(in),
                readOptionalInt(in),
                readOptionalDouble(in),
                readOptionalDouble(in));
    }

    private static void write(DataOutputStream out, OptionalInt value) throws IOException {
        out.writeBoolean(value.isPresent());
        out.writeInt(value.orElse(0));
    }

    private static OptionalInt readOptionalInt(ByteBuffer in) {
        boolean present = in.get() != 0;
        int value = in.getInt();
        return present ? OptionalInt.of(value) : OptionalInt.empty();
    }

    private static void write(DataOutputStream out, OptionalDouble value) throws IOException {
        out.writeBoolean(value.isPresent());
        out.writeDouble(value.orElse(0));
    }

    private static OptionalDouble readOptionalDouble(ByteBuffer in) {
        boolean present = in.get() != 0;
        double value = in.getDouble();
        return present ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        write(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String readString(ByteBuffer in) {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(ByteBuffer in) {
        var bytes = new byte[readLength(in, 1)];
        in.get(bytes);
        return bytes;
    }

    /** A length is believed only if that many elements of that size are still there. */
    private static int readLength(ByteBuffer in, int elementBytes) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining() / elementBytes) {
            throw new IllegalArgumentException(
                    "a model card with a length of " + length + " where " + in.remaining() + " bytes are left");
        }
        return length;
    }
}
