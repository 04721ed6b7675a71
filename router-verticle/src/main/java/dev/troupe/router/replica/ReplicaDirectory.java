package dev.troupe.router.replica;

import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.tenant.Priority;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** The replicas of the pool by their heartbeats. */
public final class ReplicaDirectory {
    private final long silenceMillis;
    private final Map<String, Entry> entries = new HashMap<>();
    private final PrefixIndex index = new PrefixIndex();

    /** @param silenceMillis without a heartbeat, after which a replica is taken for dead */
    public ReplicaDirectory(long silenceMillis) {
        this.silenceMillis = silenceMillis;
    }

    private record Entry(Replica replica, long heardAt) {}

    /** @return the life that this heartbeat tells the end of: the replica has left, or has been born again */
    public Optional<ReplicaKey> heard(Heartbeat heartbeat, long now) {
        Entry known = entries.get(heartbeat.replicaId());
        if (known != null && !isNewer(heartbeat, known.replica().heartbeat())) {
            return Optional.empty();
        }
        // One that has left stays until its silence, so that a late heartbeat of its last days does not revive it.
        Replica replica = Replica.of(heartbeat);
        entries.put(replica.id(), new Entry(replica, now));
        index.replace(replica.id(), known == null ? Set.of() : known.replica().prefixes(), replica.prefixes());
        if (heartbeat.state() == Heartbeat.State.GONE) {
            return Optional.of(replica.key());
        }
        return Optional.ofNullable(known)
                .map(entry -> entry.replica().key())
                .filter(key -> key.incarnation() != heartbeat.incarnation());
    }

    private static boolean isNewer(Heartbeat heartbeat, Heartbeat known) {
        return heartbeat.incarnation() == known.incarnation()
                ? heartbeat.sequence() > known.sequence()
                : heartbeat.incarnation() > known.incarnation();
    }

    /** @return those that have missed their heartbeats; they are forgotten */
    public List<ReplicaKey> tick(long now) {
        return forget(entry -> now - entry.heardAt() > silenceMillis);
    }

    /** @return those that lived in a process which has left; they are forgotten */
    public List<ReplicaKey> nodeLeft(String nodeId) {
        return forget(entry -> entry.replica().heartbeat().nodeId().equals(nodeId));
    }

    private List<ReplicaKey> forget(java.util.function.Predicate<Entry> dead) {
        List<Replica> forgotten =
                entries.values().stream().filter(dead).map(Entry::replica).toList();
        for (Replica replica : forgotten) {
            entries.remove(replica.id());
            index.replace(replica.id(), replica.prefixes(), Set.of());
        }
        return forgotten.stream().map(Replica::key).toList();
    }

    /** Counts what was sent until the next heartbeat counts it, so that a burst does not all go to one. */
    public void sent(String replicaId, int sequences, long tokens) {
        entries.computeIfPresent(
                replicaId, (id, entry) -> new Entry(entry.replica().sent(sequences, tokens), entry.heardAt()));
    }

    /** @return fingerprints of every model that some replica serves now, by model id; for one id, the one with most replicas first */
    public Map<String, List<String>> models() {
        Map<String, Map<String, Integer>> counts = new TreeMap<>();
        for (Entry entry : entries.values()) {
            Heartbeat heartbeat = entry.replica().heartbeat();
            if (heartbeat.state() != Heartbeat.State.GONE) {
                counts.computeIfAbsent(heartbeat.modelId(), id -> new TreeMap<>())
                        .merge(heartbeat.fingerprint(), entry.replica().admits() ? 1000 : 1, Integer::sum);
            }
        }
        Map<String, List<String>> models = new TreeMap<>();
        counts.forEach((id, fingerprints) -> models.put(id, byCount(fingerprints)));
        return models;
    }

    private static List<String> byCount(Map<String, Integer> fingerprints) {
        return fingerprints.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** @return replicas of a model that admit requests */
    public List<Replica> admitting(String fingerprint) {
        List<Replica> admitting = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.replica().admits()
                    && entry.replica().heartbeat().fingerprint().equals(fingerprint)) {
                admitting.add(entry.replica());
            }
        }
        return admitting;
    }

    /** @return when it is worth another try, in milliseconds, if every replica of the model that admits requests would refuse this tenant's */
    public OptionalLong fullFor(String fingerprint, String tenant, Priority priority) {
        long soonest = Long.MAX_VALUE;
        for (Replica replica : admitting(fingerprint)) {
            Optional<Heartbeat.Full> full = replica.heartbeat().load().full().stream()
                    .filter(one -> one.tenant().equals(tenant) && one.priority() == priority)
                    .findFirst();
            if (full.isEmpty()) {
                return OptionalLong.empty();
            }
            soonest = Math.min(soonest, full.get().retryAfterMillis());
        }
        return soonest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(soonest);
    }

    /**
     * Who probably holds how much of a prompt; replicas that admit nothing are among them.
     *
     * @param digests of the prompt, as {@link dev.troupe.cache.PrefixHash#digests} gives them
     * @return replica ids for each of its prefixes that somebody announces, the longest first. To be read at once: heartbeats change it
     */
    public List<Set<String>> holders(List<Long> digests) {
        return index.holders(digests);
    }

    /** @return prefixes that some replica announces */
    int knownPrefixes() {
        return index.size();
    }

    /** @return a replica of each fingerprint, to ask for the model's card */
    public Collection<Replica> oneOfEach() {
        Set<String> seen = new HashSet<>();
        return entries.values().stream()
                .map(Entry::replica)
                .filter(replica -> replica.heartbeat().state() != Heartbeat.State.GONE)
                .filter(replica -> seen.add(replica.heartbeat().fingerprint()))
                .toList();
    }

    /**
     * Whether a replica has a queue while another one of the same model has none and less than half as much to do, as when it has just come. What is
     * sent there counts at once, so that not all go.
     */
    public boolean hasRoomElsewhere(ReplicaKey key) {
        Entry entry = entries.get(key.replicaId());
        if (entry == null || entry.replica().heartbeat().load().waiting() == 0) {
            return false;
        }
        Replica crowded = entry.replica();
        return admitting(crowded.heartbeat().fingerprint()).stream()
                .filter(other -> !other.id().equals(crowded.id()))
                .anyMatch(other -> other.heartbeat().load().waiting() == 0
                        && 2 * other.outstandingTokens() < crowded.outstandingTokens());
    }

    /** @return whether this life of the replica is known and has not ended */
    public boolean knows(ReplicaKey key) {
        Entry entry = entries.get(key.replicaId());
        return entry != null && entry.replica().key().equals(key);
    }
}
