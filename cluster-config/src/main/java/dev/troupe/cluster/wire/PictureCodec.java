package dev.troupe.cluster.wire;

import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.GeneratePicture;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.PictureEvent;
import dev.troupe.cluster.message.PictureHeartbeat;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.LatentCheckpoint;
import dev.troupe.cluster.picture.PictureModel;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureSource;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.cluster.picture.PictureType;

/** How pictures, and what is said of them, lie in bytes; on the bus and in Hazelcast. */
public final class PictureCodec {
    private PictureCodec() {}

    static void write(WireWriter out, GeneratePicture m) {
        Codecs.write(out, m.attempt()).text(m.tenant()).text(m.routerId());
        write(out, m.spec());
        out.optional(m.begun(), PictureCodec::write).bool(m.alone());
        Codecs.write(out, m.share());
    }

    static GeneratePicture generatePicture(WireReader in) {
        return new GeneratePicture(
                Codecs.attempt(in),
                in.text(),
                in.text(),
                spec(in),
                in.optional(PictureCodec::checkpoint),
                in.bool(),
                Codecs.share(in));
    }

    public static void write(WireWriter out, PictureSpec m) {
        out.text(m.modelId())
                .text(m.prompt())
                .text(m.negativePrompt())
                .count(m.width())
                .count(m.height())
                .count(m.steps())
                .wideReal(m.guidance())
                .text(m.sampler())
                .bits(m.seed())
                .optional(m.source(), PictureCodec::write);
        write(out, m.output());
        out.count(m.previews());
    }

    public static PictureSpec spec(WireReader in) {
        return new PictureSpec(
                in.text(),
                in.text(),
                in.text(),
                in.smallCount(),
                in.smallCount(),
                in.smallCount(),
                in.wideReal(),
                in.text(),
                in.bits(),
                in.optional(PictureCodec::source),
                output(in),
                in.smallCount());
    }

    public static void write(WireWriter out, PictureSource m) {
        write(out, m.picture());
        out.optional(m.mask(), PictureCodec::write).wideReal(m.strength());
    }

    public static PictureSource source(WireReader in) {
        return new PictureSource(picture(in), in.optional(PictureCodec::picture), in.wideReal());
    }

    private static void write(WireWriter out, PictureOutput m) {
        out.constant(m.type()).count(m.quality()).constant(m.background()).bool(m.mark());
    }

    private static PictureOutput output(WireReader in) {
        return new PictureOutput(
                in.constant(PictureType.class),
                in.smallCount(),
                in.constant(PictureOutput.Background.class),
                in.bool());
    }

    public static void write(WireWriter out, EncodedPicture m) {
        out.constant(m.type()).bytes(m.bytes());
    }

    public static EncodedPicture picture(WireReader in) {
        return new EncodedPicture(in.constant(PictureType.class), in.bytes());
    }

    public static void write(WireWriter out, LatentCheckpoint m) {
        out.count(m.step()).reals(m.latents()).reals(m.estimate());
    }

    public static LatentCheckpoint checkpoint(WireReader in) {
        return new LatentCheckpoint(in.smallCount(), in.reals(), in.reals());
    }

    static void write(WireWriter out, PictureEvent event) {
        if (event instanceof PictureEvent.Waiting waiting) {
            Codecs.write(out.constant(Kind.WAITING), waiting.attempt()).count(waiting.place());
        } else if (event instanceof PictureEvent.Step step) {
            Codecs.write(out.constant(Kind.STEP), step.attempt())
                    .count(step.done())
                    .count(step.of())
                    .optional(step.checkpoint(), PictureCodec::write)
                    .optional(step.preview(), (w, preview) -> write(w.count(preview.index()), preview.picture()));
        } else if (event instanceof PictureEvent.Made made) {
            Codecs.write(out.constant(Kind.MADE), made.attempt());
            write(out, made.picture());
            out.list(made.warnings(), WireWriter::text);
        } else if (event instanceof PictureEvent.Failed failed) {
            Codecs.write(out.constant(Kind.FAILED), failed.attempt())
                    .constant(failed.code())
                    .text(failed.message());
        }
    }

    /** The order is part of the wire form: append only. */
    private enum Kind {
        WAITING,
        STEP,
        MADE,
        FAILED
    }

    static PictureEvent event(WireReader in) {
        Kind kind = in.constant(Kind.class);
        Attempt attempt = Codecs.attempt(in);
        return switch (kind) {
            case WAITING -> new PictureEvent.Waiting(attempt, in.smallCount());
            case STEP ->
                new PictureEvent.Step(
                        attempt,
                        in.smallCount(),
                        in.smallCount(),
                        in.optional(PictureCodec::checkpoint),
                        in.optional(r -> new PictureEvent.Preview(r.smallCount(), picture(r))));
            case MADE -> new PictureEvent.Made(attempt, picture(in), in.list(WireReader::text));
            case FAILED -> new PictureEvent.Failed(attempt, in.constant(ErrorCode.class), in.text());
        };
    }

    static void write(WireWriter out, PictureHeartbeat m) {
        out.text(m.replicaId())
                .text(m.nodeId())
                .bits(m.incarnation())
                .count(m.sequence())
                .constant(m.state());
        write(out, m.model());
        out.count(m.load().running()).count(m.load().waiting()).count(m.load().rowSteps());
    }

    static PictureHeartbeat heartbeat(WireReader in) {
        return new PictureHeartbeat(
                in.text(),
                in.text(),
                in.bits(),
                in.count(),
                in.constant(Heartbeat.State.class),
                model(in),
                new PictureHeartbeat.Load(in.smallCount(), in.smallCount(), in.count()));
    }

    private static void write(WireWriter out, PictureModel m) {
        out.text(m.id())
                .text(m.fingerprint())
                .list(m.sizes(), (w, size) -> w.count(size.width()).count(size.height()))
                .list(m.samplers(), WireWriter::text)
                .count(m.steps())
                .wideReal(m.guidance())
                .bool(m.transparent());
    }

    private static PictureModel model(WireReader in) {
        return new PictureModel(
                in.text(),
                in.text(),
                in.list(r -> new PictureModel.Size(r.smallCount(), r.smallCount())),
                in.list(WireReader::text),
                in.smallCount(),
                in.wideReal(),
                in.bool());
    }
}
