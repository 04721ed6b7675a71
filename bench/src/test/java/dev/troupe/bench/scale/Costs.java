package dev.troupe.bench.scale;

/**
 * Processor time that things take beside the models' steps, in microseconds. Where each number comes from is in {@code docs/scale.md}.
 *
 * @param request of a router's loop, for one request without its tokens: HTTP, JSON, admission
 * @param requestElsewhere of a router's other threads, for the same: template and tokenizer
 * @param placement of a router's loop for one request, whatever the pool
 * @param placementPerReplica and for each replica of the pool
 * @param admission of a batcher for one request
 * @param send of a message between processes, its sender's event loops
 * @param receive of such a message, its receiver's event loops
 * @param token of a router's loop: taken, its text found
 * @param write of a router's loop: an event into its client's socket
 * @param heartbeatReceive of a router's reading loop: bytes to a message
 * @param heartbeatHeard of a router's loop: the message into the directory
 * @param journalCall of a router's loop for one operation of the journal
 * @param journalElsewhere of a router's other threads for the same: Hazelcast's sending, receiving and telling
 * @param journalOperation where the entry is
 * @param journalBackup where its copy is
 * @param network one way, without anybody's work
 */
record Costs(
        double request,
        double requestElsewhere,
        double placement,
        double placementPerReplica,
        double admission,
        double send,
        double receive,
        double token,
        double write,
        double heartbeatReceive,
        double heartbeatHeard,
        double journalCall,
        double journalElsewhere,
        double journalOperation,
        double journalBackup,
        double network) {

    private static final double NANOS = 1_000;

    static Costs measured() {
        return new Costs(180, 600, 7, 0.1, 80, 15, 12, 4, 12, 20, 30, 30, 120, 50, 50, 65);
    }

    /** Nothing costs anything but the models' steps and the way: what is left is the policy's doing. */
    static Costs none() {
        return new Costs(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 65);
    }

    Costs withPlacement(double fixed, double perReplica) {
        return new Costs(
                request,
                requestElsewhere,
                fixed,
                perReplica,
                admission,
                send,
                receive,
                token,
                write,
                heartbeatReceive,
                heartbeatHeard,
                journalCall,
                journalElsewhere,
                journalOperation,
                journalBackup,
                network);
    }

    static long nanos(double micros) {
        return Math.round(micros * NANOS);
    }
}
