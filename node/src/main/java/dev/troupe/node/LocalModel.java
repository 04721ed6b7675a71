package dev.troupe.node;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.cluster.message.ReplicaDescription;
import dev.troupe.device.DeviceException;
import dev.troupe.models.ModelCard;
import dev.troupe.models.ModelFormatException;
import dev.troupe.models.hub.ResolvedModel;
import dev.troupe.models.tokenizer.TextParts;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.worker.model.FaultyModel;
import dev.troupe.worker.model.FaultyModel.Faults;
import dev.troupe.worker.model.KvLayout;
import dev.troupe.worker.model.Model;
import java.io.IOException;
import java.nio.file.Files;

/** The model of this process: what others must know of it, and how it comes to its device. */
final class LocalModel {
    /** For tests, see CONTRIBUTING: every so many steps and copies fail for want of memory; a token ends the process. */
    private static final String OOM_EVERY = "troupe.fault.oom-every";

    private static final String DEADLY_TOKEN = "troupe.fault.deadly-token";

    private final ModelCard card;
    private final ModelWeights weights;
    private final Backend backend;
    private final MemoryPlan memory;

    private LocalModel(ModelCard card, ModelWeights weights, Backend backend, MemoryPlan memory) {
        this.card = card;
        this.weights = weights;
        this.backend = backend;
        this.memory = memory;
    }

    /**
     * Prepares what will compute it, and reads what the model says of itself; its weights are only mapped.
     *
     * @throws ModelFormatException when the model is not usable
     * @throws DeviceException when the device is not
     * @throws UserError when the KV memory is too small
     */
    static LocalModel open(ResolvedModel model, NodeOptions options) {
        try {
            ModelWeights weights = ModelWeights.open(model.path());
            Backend backend = Backend.of(weights, options);
            MemoryPlan memory = MemoryPlan.decide(
                    options.kvMemory(),
                    backend.freeMemory(),
                    backend.ownDevice(),
                    backend.modelBytes(),
                    weights.config().contextLength(),
                    KvPlanner.tokenBytes(weights.config(), backend.valueBytes()));
            return new LocalModel(card(model, weights, memory.kv()), weights, backend, memory);
        } catch (IOException e) {
            throw new UserError("cannot read " + model.path() + ": " + e.getMessage(), e);
        }
    }

    private static ModelCard card(ResolvedModel model, ModelWeights weights, KvLayout kv) throws IOException {
        int context = kv.maxTokens(weights.config().contextLength());
        return TextParts.read(model.path())
                .card(
                        model.id(),
                        weights.fingerprint(),
                        context,
                        weights.config().vocab(),
                        Files.getLastModifiedTime(model.path()).toInstant());
    }

    ModelCard card() {
        return card;
    }

    ReplicaDescription description() {
        return new ReplicaDescription(
                card.id(),
                card.fingerprint(),
                card.contextLength(),
                card.vocabSize(),
                memory.kv().slabs(),
                memory.kv().slabTokens(),
                memory.kv().blocks());
    }

    /** Carries the weights to the device; a second or two. */
    Model load() {
        Model model;
        try (weights) {
            model = backend.load().apply(memory.kv());
        }
        FreedMemory.giveBack();
        Faults faults = new Faults(Integer.getInteger(OOM_EVERY, 0), Integer.getInteger(DEADLY_TOKEN, -1));
        return faults.any() ? new FaultyModel(model, faults) : model;
    }

    /** One line for the operator. */
    String describe() {
        return card.id() + " on " + backend.name() + ", context " + card.contextLength() + " tokens";
    }

    /** One line for the operator. */
    String describeMemory() {
        return memory.describe(BatcherConfig.defaults().maxRunning());
    }
}
