package dev.troupe.image.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes a network's program line by line, and with each part the weights that the part reads: so names, shapes and program come from one
 * walk over the configuration and cannot disagree. The parts themselves are in {@code network.py}, which says in which order
 * their weights stand.
 */
final class NetworkWriter {
    private final StringBuilder text = new StringBuilder();
    private final List<Slot> slots = new ArrayList<>();

    /**
     * One weight of the program, from one tensor of the file or several stacked along their first axis.
     *
     * @param names of the tensors
     * @param shape of each of them; the file may have more axes of 1 at the end
     * @param use what the program does with it
     */
    record Slot(List<String> names, List<Long> shape, Use use) {
        Slot {
            names = List.copyOf(names);
            shape = List.copyOf(shape);
        }
    }

    /** What a weight is for, which says in which order it may lie in memory. */
    sealed interface Use {
        /** Anything. */
        record Plain() implements Use {}

        /** A product with rows. */
        record Matrix() implements Use {}

        /** A convolution. */
        record Kernel(int stride, int padding) implements Use {}
    }

    /** Begins a method; the lines that follow are its body. */
    NetworkWriter method(String signature) {
        text.append("\n  def ").append(signature).append(":\n");
        return this;
    }

    /** A line of the method. */
    NetworkWriter line(String format, Object... values) {
        text.append("    ").append(String.format(Locale.ROOT, format, values)).append('\n');
        return this;
    }

    /** @return the whole program */
    String program() {
        try (var in = NetworkWriter.class.getResourceAsStream("network.py")) {
            return new String(in.readAllBytes(), UTF_8) + text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Slot> slots() {
        return List.copyOf(slots);
    }

    /** Names a weight. @return where it stands among all */
    int weight(String name, long... shape) {
        return slot(new Use.Plain(), List.of(name), shape);
    }

    private int slot(Use use, List<String> names, long... shape) {
        var axes = new ArrayList<Long>();
        for (long axis : shape) {
            axes.add(axis);
        }
        slots.add(new Slot(names, axes, use));
        return slots.size() - 1;
    }

    private int withBias(Use use, String name, long... shape) {
        int at = slot(use, List.of(name + ".weight"), shape);
        weight(name + ".bias", shape[0]);
        return at;
    }

    int norm(String name, int width) {
        return withBias(new Use.Plain(), name, width);
    }

    int linear(String name, int out, int in) {
        return withBias(new Use.Matrix(), name, out, in);
    }

    /** One that keeps the size: of step 1, over the edge by half its side. */
    int conv(String name, int out, int in, int kernel) {
        return conv(name, out, in, kernel, 1, kernel / 2);
    }

    int conv(String name, int out, int in, int kernel, int stride, int padding) {
        return withBias(new Use.Kernel(stride, padding), name, out, in, kernel, kernel);
    }

    /** Matrices of the same input, one product. */
    int fused(String block, List<String> parts, int out, int in, boolean bias) {
        int at = slot(
                new Use.Matrix(),
                parts.stream().map(part -> block + "." + part + ".weight").toList(),
                out,
                in);
        if (bias) {
            slot(
                    new Use.Plain(),
                    parts.stream().map(part -> block + "." + part + ".bias").toList(),
                    out);
        }
        return at;
    }

    /** {@code h = resnet(h)}. */
    void resnet(String block, int in, int out) {
        int at = resnetWeights(block, in, out);
        line("h = self.resnet(h, %d, %s)", at, in != out ? "True" : "False");
    }

    /**
     * The same with the time in between.
     *
     * @param time width of its embedding
     * @param scaleShift whether it scales and shifts what the second norm gives, or is added before it
     */
    void timedResnet(String block, int in, int out, int time, boolean scaleShift) {
        int at = resnetWeights(block, in, out, scaleShift ? 2 * out : out, time);
        String method = scaleShift ? "scaled_resnet" : "timed_resnet";
        line("h = self.%s(h, time, %d, %s)", method, at, in != out ? "True" : "False");
    }

    private int resnetWeights(String block, int in, int out, int... time) {
        int at = norm(block + ".norm1", in);
        conv(block + ".conv1", out, in, 3);
        norm(block + ".norm2", out);
        conv(block + ".conv2", out, out, 3);
        if (time.length == 2) {
            linear(block + ".time_emb_proj", time[0], time[1]);
        }
        if (in != out) {
            conv(block + ".conv_shortcut", out, in, 1);
        }
        return at;
    }

    /** {@code h = transformer(h, text)}. */
    void transformer(String block, int width, int textWidth, int heads, int depth) {
        int at = norm(block + ".norm", width);
        linear(block + ".proj_in", width, width);
        for (int i = 0; i < depth; i++) {
            String layer = block + ".transformer_blocks." + i;
            norm(layer + ".norm1", width);
            fused(layer + ".attn1", List.of("to_q", "to_k", "to_v"), width, width, false);
            linear(layer + ".attn1.to_out.0", width, width);
            norm(layer + ".norm2", width);
            fused(layer + ".attn2", List.of("to_q"), width, width, false);
            fused(layer + ".attn2", List.of("to_k", "to_v"), width, textWidth, false);
            linear(layer + ".attn2.to_out.0", width, width);
            norm(layer + ".norm3", width);
            linear(layer + ".ff.net.0.proj", 8 * width, width);
            linear(layer + ".ff.net.2", width, 4 * width);
        }
        linear(block + ".proj_out", width, width);
        line("h = self.transformer(h, text, %d, %d, %d)", at, heads, depth);
    }

    /** {@code h = place_attention(h)}. */
    void placeAttention(String block, int width) {
        int at = norm(block + ".group_norm", width);
        fused(block, List.of("to_q", "to_k", "to_v"), width, width, true);
        linear(block + ".to_out.0", width, width);
        line("h = self.place_attention(h, %d)", at);
    }
}
