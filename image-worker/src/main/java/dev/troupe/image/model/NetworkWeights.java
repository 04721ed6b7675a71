package dev.troupe.image.model;

import dev.troupe.models.ModelFormatException;
import dev.troupe.models.weights.SafetensorsFile;
import dev.troupe.models.weights.SafetensorsTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The tensors of one network, from the safetensors file of its folder, by the names that the programs use. */
final class NetworkWeights implements AutoCloseable {
    private final Path path;
    private final SafetensorsFile file;
    private final Map<String, SafetensorsTensor> tensors;

    private NetworkWeights(Path path, SafetensorsFile file, Map<String, SafetensorsTensor> tensors) {
        this.path = path;
        this.file = file;
        this.tensors = tensors;
    }

    /**
     * Opens a network's file, in whatever precision it is there.
     *
     * @param stem of its name
     * @param rename from a name in the file to the program's; empty for what no program reads
     * @throws ModelFormatException if it is not there or damaged
     */
    static NetworkWeights open(Path folder, String stem, UnaryOperator<String> rename) throws IOException {
        for (String ending : List.of(".safetensors", ".fp16.safetensors", ".bf16.safetensors")) {
            Path path = folder.resolve(stem + ending);
            if (Files.isRegularFile(path)) {
                return open(path, rename);
            }
        }
        boolean pickled = Files.isRegularFile(folder.resolve(stem + ".bin"))
                || Files.isRegularFile(folder.resolve("pytorch_model.bin"));
        throw new ModelFormatException(folder + ": there is no " + stem + ".safetensors"
                + (pickled
                        ? ", only a pickled .bin, which could run code when it is read; save the model with"
                                + " safe_serialization=True"
                        : "; fetch the model again, with its weights as safetensors"));
    }

    private static NetworkWeights open(Path path, UnaryOperator<String> rename) throws IOException {
        SafetensorsFile file = SafetensorsFile.open(path);
        Map<String, SafetensorsTensor> tensors = new LinkedHashMap<>();
        for (SafetensorsTensor tensor : file.tensors().values()) {
            String name = rename.apply(tensor.name());
            if (!name.isEmpty() && tensors.put(name, tensor) != null) {
                file.close();
                throw new ModelFormatException(path + ": two tensors are for '" + name + "'; fetch the file again");
            }
        }
        return new NetworkWeights(path, file, tensors);
    }

    /**
     * The elements of a tensor, the last axis fastest.
     *
     * @param shape that the configuration wants; the file may have more axes of 1 at the end
     * @throws ModelFormatException if it is not there or has another shape
     */
    float[] values(String name, List<Long> shape) {
        SafetensorsTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new ModelFormatException(path + ": weight '" + name + "' is missing; fetch the file again, or the"
                    + " config.json that belongs to it");
        }
        if (!withoutOnes(tensor.shape()).equals(withoutOnes(shape))) {
            throw new ModelFormatException(path + ": weight '" + name + "' is " + tensor.shape()
                    + " where the configuration says " + shape + "; fetch weights and config.json of the same model");
        }
        return file.weight(tensor.name()).values();
    }

    private static List<Long> withoutOnes(List<Long> shape) {
        int end = shape.size();
        while (end > 1 && shape.get(end - 1) == 1) {
            end--;
        }
        return shape.subList(0, end);
    }

    /**
     * Refuses a file that has more than the network: what would be left out makes another picture.
     *
     * @param used names of all that the program reads
     */
    void requireNoneBeyond(Collection<String> used) {
        var beyond = new TreeSet<>(tensors.keySet());
        beyond.removeAll(used);
        if (!beyond.isEmpty()) {
            throw new ModelFormatException(path + ": has " + beyond.size()
                    + " weights that config.json does not speak of, for example "
                    + new ArrayList<>(beyond).subList(0, Math.min(3, beyond.size()))
                    + "; fetch weights and config.json of the same model");
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
