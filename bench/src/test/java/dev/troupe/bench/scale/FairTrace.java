package dev.troupe.bench.scale;

import dev.troupe.bench.scale.Traffic.Lengths;
import dev.troupe.cluster.tenant.Share;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** Requests of several tenants, each by Poisson's law, with log-normal lengths: the shape of published traces, and nothing measured. */
final class FairTrace {
    static final Lengths PROMPT = new Lengths(100, 0.7, 1_000);
    static final Lengths ANSWER = new Lengths(120, 0.7, 500);

    private final SplittableRandom random;
    private final List<FairRequest> requests = new ArrayList<>();

    FairTrace(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** @param perSecond requests of this tenant */
    FairTrace tenant(String name, double perSecond, double seconds) {
        double at = exponential(perSecond);
        while (at < seconds) {
            requests.add(new FairRequest(0, name, 1e3 * at, PROMPT.draw(random), ANSWER.draw(random), Share.EQUAL));
            at += exponential(perSecond);
        }
        return this;
    }

    private double exponential(double perSecond) {
        return -Math.log(1 - random.nextDouble()) / perSecond;
    }

    /** @return in the order in which they come, numbered in it */
    List<FairRequest> requests() {
        List<FairRequest> sorted = new ArrayList<>(requests);
        sorted.sort(Comparator.comparingDouble(FairRequest::atMillis));
        List<FairRequest> numbered = new ArrayList<>();
        for (FairRequest one : sorted) {
            numbered.add(new FairRequest(
                    numbered.size(), one.tenant(), one.atMillis(), one.prompt(), one.answer(), one.share()));
        }
        return numbered;
    }
}
