/*
 * Where the milliseconds of a step go in our own kernels: the default model's shape with made-up weights, no JVM.
 *
 *   cc -std=gnu11 -O3 -march=native -fopenmp-simd -fno-math-errno -fno-trapping-math -ffp-contract=fast \
 *      -I gpu-worker/src/main/resources/dev/troupe/worker/model bench/step_profile.c -o /tmp/profile -lpthread -lm
 *   /tmp/profile THREADS DECODES LENGTH PROMPT_ROWS REPEATS
 *
 * DECODES sequences of LENGTH tokens get their next one; beside them, or alone after LENGTH tokens, PROMPT_ROWS rows of a prompt.
 */
#include <stdio.h>
#include <time.h>
#include "transformer.c"

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

enum { MOST = 16 };
static const char *name[MOST];
static double spent[MOST];

static void spend(const char *what, double since) {
  int i = 0;
  while (name[i] && strcmp(name[i], what) != 0) i++;
  name[i] = what;
  spent[i] += now() - since;
}

#define TIMED(what, call) do { double since = now(); call; spend(what, since); } while (0)

/* As forward, with a clock beside each part. */
static void timed_forward(Model *m) {
  Pool *pool = &m->pool;
  TIMED("embedding", run(pool, embed_span, m, spans(m)));
  for (int l = 0; l < m->layers; l++) {
    const Matrix *w = m->layer[l].m;
    m->current = l;
    const int few = m->T <= FEW_ROWS;
    if (few) {
      TIMED("norms, rotations", before_qkv(m, (Span){0, m->T}, m->scratch));
      TIMED("queries, keys, values", share(m, qkv_tiles, &w[QKV]));
      TIMED("norms, rotations", after_qkv(m, (Span){0, m->T}));
    } else {
      TIMED("before attention", run(pool, before_attention, m, spans(m)));
    }
    TIMED("attention", run(pool, attend_item, m, m->unit_count));
    if (l == m->layers - 1) keep_wanted(m);
    if (m->T <= FEW_ROWS) {
      TIMED("output", share(m, out_tiles, &w[OUT]));
      TIMED("norms, rotations", before_feed(m, (Span){0, m->T}, m->scratch));
      TIMED("gate, up", share(m, feed_tiles, &w[GATE_UP]));
      TIMED("down", share(m, down_tiles, &w[DOWN]));
      TIMED("norms, rotations", after_down(m, (Span){0, m->T}));
    } else {
      TIMED("after attention", run(pool, after_attention, m, spans(m)));
    }
  }
  TIMED("norms, rotations", norm_rows(m, (Span){0, m->T}, m->final_norm, 1, m->scratch));
  TIMED("head", run(pool, head_item, m, m->head_items));
}

static Model *made_up(int threads) {
  enum { LAYER = 30, WIDTH = 576, FFN = 1536, VOCAB = 49152 };
  int shape[] = {LAYER, WIDTH, 9, 3, 64, FFN, VOCAB, 0, 0, 8192};
  float numbers[] = {1e-5f, 0.125f, 1}, frequencies[32];
  Model *m = troupe_open(shape, numbers, threads);
  float *values = malloc((size_t)VOCAB * WIDTH * 4), *scales = malloc(2 * FFN * 48 * 4), *zeros = malloc(2 * FFN * 48 * 4);
  uint8_t *codes = malloc(2 * FFN * WIDTH);
  EACH(i, VOCAB * WIDTH) values[i] = (float)(rand() % 2001 - 1000) * 1e-4f;
  EACH(i, 2 * FFN * WIDTH) codes[i] = rand() & 15;
  EACH(i, 2 * FFN * 48) scales[i] = 0.003f, zeros[i] = 0.001f;
  EACH(i, 32) frequencies[i] = powf(10000, -(float)i / 32);
  troupe_rope(m, 0, frequencies);
  const int rows[] = {960, WIDTH, 2 * FFN, WIDTH}, cols[] = {WIDTH, WIDTH, WIDTH, FFN};
  EACH(l, LAYER) {
    EACH(n, 2) troupe_norm(m, l, n, values + n * WIDTH, WIDTH);
    EACH(w, MATRICES) {
      troupe_matrix(m, l, w, rows[w], cols[w], 4);
      troupe_rows4(m, l, w, 0, rows[w], codes, scales, zeros);
    }
  }
  troupe_norm(m, -1, 0, values, WIDTH);
  troupe_matrix(m, -1, 0, VOCAB, WIDTH, 8);
  troupe_rows8(m, -1, 0, 0, VOCAB, values);
  troupe_tied_head(m);
  troupe_reserve(m, 65536, 0);
  return m;
}

int main(int argc, char **argv) {
  if (argc != 6) return fprintf(stderr, "THREADS DECODES LENGTH PROMPT_ROWS REPEATS\n"), 1;
  const int threads = atoi(argv[1]), decodes = atoi(argv[2]), length = atoi(argv[3]), prompt = atoi(argv[4]), repeats = atoi(argv[5]);
  Model *m = made_up(threads);
  const int P = decodes + (prompt > 0), T = decodes + prompt;
  int capacity = 256, pieces[5 * P], tokens[T], other[P], likeliest[P];
  while (capacity < length + prompt + 1) capacity *= 2;
  EACH(i, P) {
    int one[] = {i * capacity, capacity, i < decodes || !decodes ? length : 0, i < decodes ? 1 : prompt, 1};
    memcpy(pieces + 5 * i, one, sizeof one);
    other[i] = -1;
  }
  EACH(i, T) tokens[i] = rand() % m->vocab;
  EACH(i, 2) troupe_step(m, pieces, P, tokens, T, other, P, 0, 0, 0, 0, 0, 0, 0, 0, 0, likeliest, 0, 0, 0, 0, 0, 0);
  double whole = 0, best = 1e9;
  EACH(i, repeats) { // of the same step, laid out already
    m->T = T;
    double since = now();
    timed_forward(m);
    double took = now() - since;
    whole += took, best = took < best ? took : best;
  }
  printf("%d threads, %d sequences of %d, %d prompt rows: %.2f ms, at best %.2f\n", threads, decodes, length, prompt, whole / repeats, best);
  for (int i = 0; name[i]; i++) printf("  %-22s %.2f\n", name[i], spent[i] / repeats);
  troupe_close(m);
}
