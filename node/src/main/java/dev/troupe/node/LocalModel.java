package dev.troupe.node;

import dev.troupe.cluster.message.ReplicaDescription;
import dev.troupe.device.DeviceConfig;
import dev.troupe.device.DeviceException;
import dev.troupe.device.KernelPolicy;
import dev.troupe.device.TorchDevice;
import dev.troupe.models.ModelCard;
import dev.troupe.models.ModelFormatException;
import dev.troupe.models.hub.ResolvedModel;
import dev.troupe.models.tokenizer.TextParts;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.worker.model.KvLayout;
import dev.troupe.worker.model.ModelRunner;
import java.io.IOException;
import java.nio.file.Files;

/** The model of this process: what others must know of it, and how it comes to its device. */
final class LocalModel {
    private final ModelCard card;
    private final ModelWeights weights;
    private final TorchDevice device;
    private final KernelPolicy policy;
    private final KvLayout kv;
    private final long tokenBytes;

    private LocalModel(
            ModelCard card,
            ModelWeights weights,
            TorchDevice device,
            KernelPolicy policy,
            KvLayout kv,
            long tokenBytes) {
        this.card = card;
        this.weights = weights;
        this.device = device;
        this.policy = policy;
        this.kv = kv;
        this.tokenBytes = tokenBytes;
    }

    /**
     * Starts the native engine and reads what the model says of itself; its weights are only mapped.
     *
     * @throws ModelFormatException when the model is not usable
     * @throws DeviceException when the device is not
     * @throws UserError when the KV memory is too small
     */
    static LocalModel open(ResolvedModel model, NodeOptions options) {
        TorchDevice device = TorchDevice.start(
                new DeviceConfig(options.device(), options.threads(), Natives.folder(options.data())));
        KernelPolicy policy = KernelPolicy.fast(device);
        try {
            ModelWeights weights = ModelWeights.open(model.path());
            long tokenBytes = KvPlanner.tokenBytes(weights.config(), policy.bfloat16() ? 2 : 4);
            long budget = options.kvMemory().orElseGet(() -> KvPlanner.defaultBudget(Machine.availableMemory()));
            KvLayout kv = KvPlanner.plan(weights.config().contextLength(), tokenBytes, budget);
            return new LocalModel(card(model, weights, kv), weights, device, policy, kv, tokenBytes);
        } catch (IOException e) {
            throw new UserError("cannot read " + model.path() + ": " + e.getMessage(), e);
        }
    }

    private static ModelCard card(ResolvedModel model, ModelWeights weights, KvLayout kv) throws IOException {
        int context = Math.min(weights.config().contextLength(), kv.slabTokens());
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
                kv.slabs(),
                kv.slabTokens(),
                kv.blocks());
    }

    /** Carries the weights to the device; a second or two. */
    ModelRunner load() {
        try (weights) {
            return ModelRunner.load(weights, device, policy, kv);
        }
    }

    /** One line for the operator. */
    String describe() {
        return card.id() + " on " + device + ", context " + card.contextLength() + " tokens; "
                + KvPlanner.describe(kv, tokenBytes);
    }
}
