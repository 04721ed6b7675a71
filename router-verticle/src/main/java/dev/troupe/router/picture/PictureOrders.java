package dev.troupe.router.picture;

import dev.troupe.cache.journal.Bytes;
import dev.troupe.cache.picture.PictureHead;
import dev.troupe.cluster.picture.PictureSource;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.cluster.wire.Codecs;
import dev.troupe.cluster.wire.PictureCodec;
import dev.troupe.cluster.wire.WireException;
import dev.troupe.cluster.wire.WireReader;
import dev.troupe.cluster.wire.WireWriter;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** Orders as the journal and the pool's memory have them: a version, then the fields; the picture to start from lies apart. */
final class PictureOrders {
    private static final byte VERSION = 1;

    private PictureOrders() {}

    static PictureHead head(PictureOrder order) {
        return new PictureHead(
                order.id(), order.tenant(), encode(order), order.spec().source());
    }

    /** @return the order whole, or without its source when that has been forgotten */
    static PictureOrder order(PictureHead head) {
        PictureOrder order = decode(head.order());
        return with(order, head.source());
    }

    static Bytes encode(PictureOrder order) {
        Buffer buffer = Buffer.buffer().appendByte(VERSION);
        WireWriter out = new WireWriter(buffer);
        out.text(order.id())
                .text(order.tenant())
                .optional(order.keyId(), WireWriter::text)
                .text(order.fingerprint());
        Codecs.write(out, order.share());
        PictureCodec.write(out, with(order, Optional.empty()).spec());
        out.text(order.lineage().asked())
                .optional(order.lineage().parent(), WireWriter::text)
                .optional(order.lineage().conversation(), WireWriter::text)
                .optional(order.lineage().origin(), (to, origin) -> to.text(origin.imageId())
                        .wideReal(origin.strength()))
                .count(order.created());
        return Bytes.of(buffer.getBytes());
    }

    static PictureOrder decode(Bytes bytes) {
        Buffer buffer = Buffer.buffer(bytes.toArray());
        if (buffer.length() == 0 || buffer.getByte(0) != VERSION) {
            throw new WireException("an order of another version: run the same release on every node");
        }
        WireReader in = new WireReader(buffer, 1);
        return new PictureOrder(
                in.text(),
                in.text(),
                in.optional(WireReader::text),
                in.text(),
                Codecs.share(in),
                PictureCodec.spec(in),
                new PictureOrder.Lineage(
                        in.text(),
                        in.optional(WireReader::text),
                        in.optional(WireReader::text),
                        in.optional(origin -> new PictureOrder.Origin(origin.text(), origin.wideReal()))),
                in.count());
    }

    private static PictureOrder with(PictureOrder order, Optional<PictureSource> source) {
        PictureSpec spec = order.spec();
        return new PictureOrder(
                order.id(),
                order.tenant(),
                order.keyId(),
                order.fingerprint(),
                order.share(),
                new PictureSpec(
                        spec.modelId(),
                        spec.prompt(),
                        spec.negativePrompt(),
                        spec.width(),
                        spec.height(),
                        spec.steps(),
                        spec.guidance(),
                        spec.sampler(),
                        spec.seed(),
                        source,
                        spec.output(),
                        spec.previews()),
                order.lineage(),
                order.created());
    }
}
