package dev.troupe.bench.scale;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Requests come when they come, in bursts, however many are still running. */
final class OpenLoad implements Load {
    private final Traffic traffic;
    private final double[] popularity;
    private final List<Prompt> systemPrompts = new ArrayList<>();
    /** Whose last turn has been answered. */
    private final List<Prompt> conversations = new ArrayList<>();

    /** What is asked does not change when it is asked, so that two pools can be compared. */
    private final SplittableRandom times;

    private final SplittableRandom contents;
    private PoolModel pool;
    private long until;
    private double rate;

    OpenLoad(Traffic traffic, long seed) {
        this.traffic = traffic;
        this.times = new SplittableRandom(seed);
        this.contents = times.split();
        this.popularity = traffic.popularity();
        for (int i = 0; i < traffic.systemPrompts(); i++) {
            systemPrompts.add(
                    Prompt.shared(contents.nextLong(), traffic.system().draw(contents)));
        }
    }

    @Override
    public void begin(PoolModel asked, long end) {
        pool = asked;
        until = end;
        weather(false);
        arrive();
    }

    private void weather(boolean bursting) {
        rate = traffic.calmRate() * (bursting ? traffic.burst() : 1);
        double seconds = exponential(1 / (bursting ? traffic.burstSeconds() : traffic.calmSeconds()));
        later(seconds, () -> weather(!bursting));
    }

    /** Drawn anew at each change of weather it would be exact; the error is one gap between two requests. */
    private void arrive() {
        later(exponential(rate), () -> {
            ask();
            arrive();
        });
    }

    private void later(double seconds, Runnable action) {
        long at = pool.now() + Math.round(seconds * 1e9);
        if (at < until) {
            pool.at(at, action);
        }
    }

    private double exponential(double perSecond) {
        return -Math.log(1 - times.nextDouble()) / perSecond;
    }

    private void ask() {
        SplittableRandom random = contents.split();
        int question = traffic.question().draw(random);
        int answer = traffic.answer().draw(random);
        Prompt before = history(random);
        if (before.tokens() + question + answer > traffic.longest()) {
            before = anySystemPrompt(random);
        }
        // The next turn shares question and answer; what is asked now shares no more than what was before.
        pool.ask(before.thenOwn(question), answer, before.then(random.nextLong(), question + answer));
    }

    private Prompt history(SplittableRandom random) {
        if (conversations.isEmpty() || random.nextDouble() >= traffic.goOn()) {
            return anySystemPrompt(random);
        }
        int chosen = random.nextInt(conversations.size());
        Prompt conversation = conversations.get(chosen);
        conversations.set(chosen, conversations.get(conversations.size() - 1));
        conversations.remove(conversations.size() - 1);
        return conversation;
    }

    private Prompt anySystemPrompt(SplittableRandom random) {
        int found = Arrays.binarySearch(popularity, random.nextDouble());
        return systemPrompts.get(Math.min(found < 0 ? -found - 1 : found, systemPrompts.size() - 1));
    }

    @Override
    public void ended(Job job, boolean served) {
        if (served) {
            conversations.add(job.afterwards);
        }
    }
}
