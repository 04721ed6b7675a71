package dev.troupe.router.picture;

import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.PictureHeartbeat;
import dev.troupe.cluster.picture.PictureModel;
import dev.troupe.router.replica.ReplicaKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The image workers of the pool by their heartbeats, and which of them is asked next. Pure. */
final class ImageDirectory {
    private final long silenceMillis;
    private final Map<String, Entry> entries = new HashMap<>();

    /** @param silenceMillis without a heartbeat, after which a replica is taken for dead */
    ImageDirectory(long silenceMillis) {
        this.silenceMillis = silenceMillis;
    }

    private record Entry(ImageReplica replica, long heardAt) {}

    /** @return the life that this heartbeat tells the end of: the replica has left, or has been born again */
    Optional<ReplicaKey> heard(PictureHeartbeat heartbeat, long now) {
        Entry known = entries.get(heartbeat.replicaId());
        if (known != null && !isNewer(heartbeat, known.replica().heartbeat())) {
            return Optional.empty();
        }
        ImageReplica replica = new ImageReplica(heartbeat, 0);
        // One that has left stays until its silence, so that a late heartbeat of its last days does not revive it.
        entries.put(replica.id(), new Entry(replica, now));
        if (heartbeat.state() == Heartbeat.State.GONE) {
            return Optional.of(replica.key());
        }
        return Optional.ofNullable(known)
                .map(entry -> entry.replica().key())
                .filter(key -> key.incarnation() != heartbeat.incarnation());
    }

    private static boolean isNewer(PictureHeartbeat heartbeat, PictureHeartbeat known) {
        return heartbeat.incarnation() == known.incarnation()
                ? heartbeat.sequence() > known.sequence()
                : heartbeat.incarnation() > known.incarnation();
    }

    /** @return those that have missed their heartbeats; they are forgotten */
    List<ReplicaKey> tick(long now) {
        return forget(entry -> now - entry.heardAt() > silenceMillis);
    }

    /** @return those that lived in a process which has left; they are forgotten */
    List<ReplicaKey> nodeLeft(String nodeId) {
        return forget(entry -> entry.replica().nodeId().equals(nodeId));
    }

    private List<ReplicaKey> forget(Predicate<Entry> dead) {
        List<ReplicaKey> forgotten = entries.values().stream()
                .filter(dead)
                .map(entry -> entry.replica().key())
                .toList();
        forgotten.forEach(key -> entries.remove(key.replicaId()));
        return forgotten;
    }

    /** Counts what was sent until the next heartbeat counts it, so that a burst does not all go to one. */
    void sent(String replicaId, long rowSteps) {
        entries.computeIfPresent(
                replicaId,
                (id, entry) -> new Entry(
                        new ImageReplica(
                                entry.replica().heartbeat(), entry.replica().sentRowSteps() + rowSteps),
                        entry.heardAt()));
    }

    /** @return one of each id, that with the least load for it */
    List<PictureModel> models() {
        Map<String, ImageReplica> best = new TreeMap<>();
        entries.values().stream()
                .map(Entry::replica)
                .filter(ImageReplica::isThere)
                .sorted(Comparator.comparing((ImageReplica replica) -> !replica.admits())
                        .thenComparing(ImageReplica::id))
                .forEach(replica -> best.putIfAbsent(replica.heartbeat().model().id(), replica));
        return best.values().stream()
                .map(replica -> replica.heartbeat().model())
                .toList();
    }

    /**
     * Where a picture goes: to the replica with the least to do, and among equals to the one that a hash of both names says, which is the
     * same for whoever asks again.
     *
     * @param not replicas that will not have it
     */
    Optional<ImageReplica> choose(String modelId, String pictureId, Set<String> not) {
        return entries.values().stream()
                .map(Entry::replica)
                .filter(replica -> replica.admits()
                        && replica.heartbeat().model().id().equals(modelId)
                        && !not.contains(replica.id()))
                .min(Comparator.comparingLong(ImageReplica::rowSteps)
                        .thenComparingInt(replica ->
                                mix(pictureId.hashCode() * 31 + replica.id().hashCode())));
    }

    Optional<ImageReplica> find(String replicaId) {
        return Optional.ofNullable(entries.get(replicaId)).map(Entry::replica).filter(ImageReplica::isThere);
    }

    /** @return the state of this life of a replica, as far as it is known */
    Optional<Heartbeat.State> state(ReplicaKey key) {
        return find(key.replicaId())
                .filter(replica -> replica.key().equals(key))
                .map(replica -> replica.heartbeat().state());
    }

    /** Ids often differ in their last letter only; this spreads them (the finalizer of MurmurHash3). */
    private static int mix(int hash) {
        int mixed = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        return mixed ^ (mixed >>> 16);
    }
}
