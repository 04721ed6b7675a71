package dev.troupe.cache.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.troupe.cache.journal.Bytes;
import dev.troupe.cache.picture.PoolPicture;
import dev.troupe.cluster.Maps;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.wire.PictureCodec;
import dev.troupe.cluster.wire.WireReader;
import dev.troupe.cluster.wire.WireWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Finished pictures of a pool without a database: in the memory of two processes, for an hour, and the least used go when all of them take
 * {@value dev.troupe.cluster.Maps#PICTURE_MEGABYTES} MB of a process.
 */
public final class HazelcastPictures {
    private final IMap<String, byte[]> files;
    private final IMap<String, byte[]> heads;
    private final Executor executor;

    /** @param executor for what Hazelcast can only do while a thread waits */
    public HazelcastPictures(HazelcastInstance hazelcast, Executor executor) {
        this.files = hazelcast.getMap(Maps.PICTURES);
        this.heads = hazelcast.getMap(Maps.PICTURE_HEADS);
        this.executor = executor;
    }

    /** Keeps a picture, the file first; the same one again changes nothing. */
    public CompletionStage<Void> keep(PoolPicture picture, EncodedPicture file) {
        byte[] bytes = PictureWire.encode(out -> PictureCodec.write(out, file));
        byte[] head = PictureWire.encode(out -> write(out, picture));
        return CompletableFuture.runAsync(
                () -> {
                    files.putIfAbsent(picture.id(), bytes);
                    heads.putIfAbsent(picture.id(), head);
                },
                executor);
    }

    /** @return empty when this tenant has none of that id, or has it no more */
    public CompletionStage<Optional<PoolPicture>> find(String tenant, String id) {
        return Replies.of(heads.getAsync(id)).thenApply(head -> Optional.ofNullable(head)
                .map(bytes -> PictureWire.decode(bytes, HazelcastPictures::picture))
                .filter(picture -> picture.tenant().equals(tenant)));
    }

    /** @return empty when this tenant has none of that id, or has it no more */
    public CompletionStage<Optional<EncodedPicture>> content(String tenant, String id) {
        return find(tenant, id)
                .thenApplyAsync(
                        found -> found.map(picture -> files.get(id))
                                .map(file -> PictureWire.decode(file, PictureCodec::picture)),
                        executor);
    }

    /** Pictures of a conversation, oldest first. Looks at every picture that the pool keeps. */
    public CompletionStage<List<PoolPicture>> conversation(String tenant, String conversation) {
        return CompletableFuture.supplyAsync(
                () -> heads.values().stream()
                        .map(bytes -> PictureWire.decode(bytes, HazelcastPictures::picture))
                        .filter(picture -> picture.tenant().equals(tenant)
                                && picture.conversation().equals(Optional.of(conversation)))
                        .sorted(Comparator.comparingLong(PoolPicture::number).thenComparing(PoolPicture::id))
                        .toList(),
                executor);
    }

    /** @return whether there was one */
    public CompletionStage<Boolean> delete(String tenant, String id) {
        return find(tenant, id)
                .thenApplyAsync(
                        found -> {
                            found.ifPresent(picture -> {
                                heads.delete(id);
                                files.delete(id);
                            });
                            return found.isPresent();
                        },
                        executor);
    }

    private static void write(WireWriter out, PoolPicture m) {
        out.text(m.id())
                .text(m.tenant())
                .optional(m.conversation(), WireWriter::text)
                .count(m.number())
                .bytes(m.order().toArray())
                .count(m.size())
                .list(m.warnings(), WireWriter::text);
    }

    private static PoolPicture picture(WireReader in) {
        return new PoolPicture(
                in.text(),
                in.text(),
                in.optional(WireReader::text),
                in.count(),
                Bytes.of(in.bytes()),
                in.smallCount(),
                in.list(WireReader::text));
    }
}
