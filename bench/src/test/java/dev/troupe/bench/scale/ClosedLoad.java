package dev.troupe.bench.scale;

/** So many streams, each of which asks anew as soon as it has its answer: what {@code ./troupe bench --concurrency} does. */
final class ClosedLoad implements Load {
    /** What the chat template puts before every prompt, in whole blocks. */
    private static final int TEMPLATE = 24;

    private static final long TEMPLATE_NAME = 1;

    private final int streams;
    private final int promptTokens;
    private final int answerTokens;
    private PoolModel pool;
    private long until;

    ClosedLoad(int streams, int promptTokens, int answerTokens) {
        this.streams = streams;
        this.promptTokens = promptTokens;
        this.answerTokens = answerTokens;
    }

    @Override
    public void begin(PoolModel asked, long end) {
        pool = asked;
        until = end;
        for (int i = 0; i < streams; i++) {
            ask();
        }
    }

    private void ask() {
        Prompt template = Prompt.shared(TEMPLATE_NAME, TEMPLATE);
        pool.ask(template.thenOwn(promptTokens - TEMPLATE), answerTokens, template);
    }

    @Override
    public void ended(Job job, boolean served) {
        long next = Math.max(pool.now(), job.endedAt());
        if (next < until) {
            pool.at(next, this::ask);
        }
    }
}
