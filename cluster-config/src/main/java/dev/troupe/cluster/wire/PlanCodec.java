package dev.troupe.cluster.wire;

import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.SequenceStart;
import dev.troupe.cluster.message.SlotRef;
import dev.troupe.cluster.message.StepPlan;
import java.util.List;

/** The fields of {@link StepPlan}. */
final class PlanCodec {
    private PlanCodec() {}

    private static final int RESTORE = 0;
    private static final int SAVE = 1;
    private static final int MOVE = 2;

    static void write(WireWriter out, StepPlan m) {
        out.bits(m.incarnation())
                .count(m.number())
                .bool(m.reset())
                .list(m.ends(), (w, end) -> w.count(end.sequenceId()).optional(end.tell(), WireWriter::constant))
                .list(m.copies(), PlanCodec::write)
                .list(m.starts(), PlanCodec::write)
                .list(m.decodes(), (w, row) -> slot(w.count(row.sequenceId()), row.slot())
                        .count(row.position())
                        .count(row.guesses()))
                .list(m.chunks(), PlanCodec::write)
                .list(m.acks(), Codecs::write)
                .list(m.imports(), (w, one) -> blocks(w.count(one.fetch()).count(one.fromToken()), one.blocks()))
                .list(m.exports(), (w, one) -> blocks(w.text(one.tenant()).tokens(one.prefix()), one.blocks()));
    }

    static StepPlan read(WireReader in) {
        return new StepPlan(
                in.bits(),
                in.count(),
                in.bool(),
                in.list(r -> new StepPlan.End(r.count(), r.optional(Codecs::finishReason))),
                in.list(PlanCodec::copy),
                in.list(PlanCodec::start),
                in.list(r -> new StepPlan.Decode(r.count(), slot(r), r.smallCount(), r.smallCount())),
                in.list(r -> new StepPlan.Chunk(r.count(), slot(r), r.smallCount(), r.smallCount(), r.bool())),
                in.list(Codecs::streamAck),
                in.list(r -> new StepPlan.Import(r.count(), r.smallCount(), blocks(r))),
                in.list(r -> new StepPlan.Export(r.text(), r.tokens(), blocks(r))));
    }

    private static void write(WireWriter out, StepPlan.Chunk chunk) {
        slot(out.count(chunk.sequenceId()), chunk.slot())
                .count(chunk.start())
                .count(chunk.count())
                .bool(chunk.sample());
    }

    private static void write(WireWriter out, KvCopy copy) {
        if (copy instanceof KvCopy.Restore restore) {
            slot(blocks(out.count(RESTORE), restore.blocks()), restore.to());
        } else if (copy instanceof KvCopy.Save save) {
            blocks(slot(out.count(SAVE), save.from()).count(save.fromToken()), save.blocks());
        } else if (copy instanceof KvCopy.Move move) {
            slot(slot(out.count(MOVE), move.from()), move.to()).count(move.tokens());
        }
    }

    private static KvCopy copy(WireReader in) {
        return switch (in.smallCount()) {
            case RESTORE -> new KvCopy.Restore(blocks(in), slot(in));
            case SAVE -> new KvCopy.Save(slot(in), in.smallCount(), blocks(in));
            case MOVE -> new KvCopy.Move(slot(in), slot(in), in.smallCount());
            default -> throw new WireException("no such kind of copy");
        };
    }

    private static void write(WireWriter out, SequenceStart start) {
        Codecs.write(out.count(start.sequenceId()), start.attempt())
                .count(start.choice())
                .text(start.routerId())
                .tokens(start.prompt())
                .tokens(start.generated())
                .count(start.cachedTokens());
        Codecs.write(out, start.sampling());
    }

    private static SequenceStart start(WireReader in) {
        return new SequenceStart(
                in.count(),
                Codecs.attempt(in),
                in.smallCount(),
                in.text(),
                in.tokens(),
                in.tokens(),
                in.smallCount(),
                Codecs.samplingParams(in));
    }

    private static WireWriter blocks(WireWriter out, List<Integer> blocks) {
        return out.list(blocks, (w, block) -> w.count(block));
    }

    private static List<Integer> blocks(WireReader in) {
        return in.list(WireReader::smallCount);
    }

    private static WireWriter slot(WireWriter out, SlotRef slot) {
        return out.count(slot.slab()).count(slot.capacity()).count(slot.index());
    }

    private static SlotRef slot(WireReader in) {
        return new SlotRef(in.smallCount(), in.smallCount(), in.smallCount());
    }
}
