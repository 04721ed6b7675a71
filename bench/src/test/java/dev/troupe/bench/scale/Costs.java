package dev.troupe.bench.scale;

/**
 * Processor time that things take beside the models' steps, in microseconds. Where each number comes from is in {@code docs/scale.md}.
 *
 * @param request of a router, for one request without its tokens: HTTP, JSON, admission
 * @param placement of a router for one request, whatever the pool
 * @param placementPerReplica and for each replica of the pool
 * @param send of a message between processes, its sender's event loops
 * @param receive of such a message, its receiver's event loops
 * @param token of a router: taken, its text found
 * @param write of a router: an event into its client's socket
 * @param heartbeatReceive of a router: bytes to a message
 * @param heartbeatHeard of a router: the message into the directory
 * @param journalCall of a router for one operation of the journal, with the taking of its answer
 * @param journalOperation where the entry is
 * @param journalBackup where its copy is
 * @param network one way, without anybody's work
 */
record Costs(
        double request,
        double placement,
        double placementPerReplica,
        double send,
        double receive,
        double token,
        double write,
        double heartbeatReceive,
        double heartbeatHeard,
        double journalCall,
        double journalOperation,
        double journalBackup,
        double network) {

    private static final double NANOS = 1_000;

    static Costs measured() {
        return new Costs(300, 30, 0.08, 20, 12, 3, 12, 25, 15, 60, 60, 40, 65);
    }

    Costs withPlacement(double fixed, double perReplica) {
        return new Costs(
                request,
                fixed,
                perReplica,
                send,
                receive,
                token,
                write,
                heartbeatReceive,
                heartbeatHeard,
                journalCall,
                journalOperation,
                journalBackup,
                network);
    }

    static long nanos(double micros) {
        return Math.round(micros * NANOS);
    }
}
