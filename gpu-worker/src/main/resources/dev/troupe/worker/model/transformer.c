/*
 * One decoder-only transformer on the CPU: what transformer.py is for PyTorch, with kernels of its own. Compiled on the machine it runs
 * on, by Kernels.java, for that machine's instructions; AVX2 is the least, AVX-512 with VNNI and BF16 what it is made for.
 *
 * Matrices are kept in groups of 32 along a row, w = scale * code + least, with codes of 4 or 8 bits and both numbers in float16. What is
 * multiplied with them is cut into groups of 32 too, x = d * q with q in 8 bits, so that a group costs whole-number products only:
 * sum(w * x) = scale * d * sum(code * q) + least * d * sum(q). (The scheme of llama.cpp's Q4_1 and Q8_1.) Where 8 bits would be felt in
 * the text (before the queries, keys and values, on the way down, before the head) q has 16, as two times 8. Keys, values and queries are bfloat16;
 * everything else is float32.
 *
 * What becomes of a row does not depend on the rows beside it: the same sums in the same order, alone or among hundreds.
 *
 * T rows, H query heads, KV key heads, G = H / KV, D head width. A tile is 16 outputs of a matrix, or 16 tokens of keys and values.
 */
#define _GNU_SOURCE
#include <immintrin.h>
#include <linux/futex.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define GROUP 32
#define TILE 16
#define INLINE static inline __attribute__((always_inline))
#define SIMD _Pragma("omp simd")
#define EACH(i, n) for (int i = 0; i < (n); i++)
#define UNROLL(i, n) _Pragma("GCC unroll 16") EACH(i, n) // what is indexed so can live in registers

enum { OK = 0, NO_MEMORY = -1 };

/* ---- sixteen lanes, in one register or two ---- */

#ifdef __AVX512BW__
typedef __m512 F;  // 16 float32
typedef __m512i I; // 16 int32, or 64 bytes
INLINE F f_zero(void) { return _mm512_setzero_ps(); }
INLINE F f_all(float a) { return _mm512_set1_ps(a); }
INLINE F f_mul(F a, F b) { return _mm512_mul_ps(a, b); }
INLINE F f_fma(F a, F b, F c) { return _mm512_fmadd_ps(a, b, c); }
INLINE void f_store(float *p, F a) { _mm512_storeu_ps(p, a); }
INLINE F f_of_i(I a) { return _mm512_cvtepi32_ps(a); }
INLINE F f_of_half(const uint16_t *p) { return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p)); }
INLINE I i_zero(void) { return _mm512_setzero_si512(); }
INLINE I i_load(const void *p) { return _mm512_loadu_si512(p); }
INLINE void i_store(void *p, I a) { _mm512_storeu_si512(p, a); }
INLINE I i_both(I high, I low) { return _mm512_add_epi32(_mm512_slli_epi32(high, 8), low); }
INLINE I i_low4(I a) { return _mm512_and_si512(a, _mm512_set1_epi8(15)); }
INLINE I i_high4(I a) { return i_low4(_mm512_srli_epi16(a, 4)); }
INLINE I i_all(const void *p) {
  int32_t four;
  memcpy(&four, p, 4);
  return _mm512_set1_epi32(four);
}
#ifdef __AVX512VNNI__
INLINE I i_dot4(I sum, I codes, I q) { return _mm512_dpbusd_epi32(sum, codes, q); }
INLINE I i_dot8(I sum, I codes, I q) { return _mm512_dpbusd_epi32(sum, codes, q); }
#else
INLINE I i_dot4(I sum, I codes, I q) {
  return _mm512_add_epi32(sum, _mm512_madd_epi16(_mm512_maddubs_epi16(codes, q), _mm512_set1_epi16(1)));
}
INLINE I i_dot8(I sum, I codes, I q) { // in halves, since pairs of products saturate at 16 bits
  return i_dot4(_mm512_add_epi32(sum, _mm512_slli_epi32(i_dot4(i_zero(), i_high4(codes), q), 4)), i_low4(codes), q);
}
#endif
#ifdef __AVX512BF16__
INLINE F f_dot(F sum, I pairs, I others) { return _mm512_dpbf16_ps(sum, (__m512bh)pairs, (__m512bh)others); }
#else
INLINE F f_first(I a) { return _mm512_castsi512_ps(_mm512_slli_epi32(a, 16)); }
INLINE F f_second(I a) { return _mm512_castsi512_ps(_mm512_and_si512(a, _mm512_set1_epi32((int)0xffff0000u))); }
INLINE F f_dot(F sum, I a, I b) { return f_fma(f_first(a), f_first(b), f_fma(f_second(a), f_second(b), sum)); }
#endif
#define MOST_ROWS 16

#else
typedef struct { __m256 a, b; } F;
typedef struct { __m256i a, b; } I;
INLINE F f_zero(void) { return (F){_mm256_setzero_ps(), _mm256_setzero_ps()}; }
INLINE F f_all(float a) { return (F){_mm256_set1_ps(a), _mm256_set1_ps(a)}; }
INLINE F f_mul(F a, F b) { return (F){_mm256_mul_ps(a.a, b.a), _mm256_mul_ps(a.b, b.b)}; }
INLINE F f_fma(F a, F b, F c) { return (F){_mm256_fmadd_ps(a.a, b.a, c.a), _mm256_fmadd_ps(a.b, b.b, c.b)}; }
INLINE void f_store(float *p, F a) { _mm256_storeu_ps(p, a.a), _mm256_storeu_ps(p + 8, a.b); }
INLINE F f_of_i(I a) { return (F){_mm256_cvtepi32_ps(a.a), _mm256_cvtepi32_ps(a.b)}; }
INLINE F f_of_half(const uint16_t *p) {
  const __m128i *h = (const __m128i *)p;
  return (F){_mm256_cvtph_ps(_mm_loadu_si128(h)), _mm256_cvtph_ps(_mm_loadu_si128(h + 1))};
}
INLINE I i_zero(void) { return (I){_mm256_setzero_si256(), _mm256_setzero_si256()}; }
INLINE I i_load(const void *p) {
  const __m256i *v = p;
  return (I){_mm256_loadu_si256(v), _mm256_loadu_si256(v + 1)};
}
INLINE void i_store(void *p, I a) { _mm256_storeu_si256(p, a.a), _mm256_storeu_si256((__m256i *)p + 1, a.b); }
INLINE I i_both(I high, I low) {
  return (I){_mm256_add_epi32(_mm256_slli_epi32(high.a, 8), low.a), _mm256_add_epi32(_mm256_slli_epi32(high.b, 8), low.b)};
}
INLINE I i_low4(I a) {
  __m256i m = _mm256_set1_epi8(15);
  return (I){_mm256_and_si256(a.a, m), _mm256_and_si256(a.b, m)};
}
INLINE I i_high4(I a) { return i_low4((I){_mm256_srli_epi16(a.a, 4), _mm256_srli_epi16(a.b, 4)}); }
INLINE I i_all(const void *p) {
  int32_t four;
  memcpy(&four, p, 4);
  __m256i v = _mm256_set1_epi32(four);
  return (I){v, v};
}
INLINE __m256i y_dot4(__m256i sum, __m256i codes, __m256i q) {
  return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(codes, q), _mm256_set1_epi16(1)));
}
INLINE I i_dot4(I sum, I codes, I q) { return (I){y_dot4(sum.a, codes.a, q.a), y_dot4(sum.b, codes.b, q.b)}; }
INLINE I i_dot8(I sum, I codes, I q) { // in halves, since pairs of products saturate at 16 bits
  I high = i_dot4(i_zero(), i_high4(codes), q);
  I scaled = {_mm256_add_epi32(sum.a, _mm256_slli_epi32(high.a, 4)), _mm256_add_epi32(sum.b, _mm256_slli_epi32(high.b, 4))};
  return i_dot4(scaled, i_low4(codes), q);
}
INLINE __m256 y_first(__m256i a) { return _mm256_castsi256_ps(_mm256_slli_epi32(a, 16)); }
INLINE __m256 y_second(__m256i a) {
  return _mm256_castsi256_ps(_mm256_and_si256(a, _mm256_set1_epi32((int)0xffff0000u)));
}
INLINE __m256 y_dot(__m256 sum, __m256i a, __m256i b) {
  return _mm256_fmadd_ps(y_first(a), y_first(b), _mm256_fmadd_ps(y_second(a), y_second(b), sum));
}
INLINE F f_dot(F sum, I a, I b) { return (F){y_dot(sum.a, a.a, b.a), y_dot(sum.b, a.b, b.b)}; }
#define MOST_ROWS 4
#endif

INLINE float more(float a, float b) { return a > b ? a : b; } // fmaxf minds NaN, and is a call

INLINE uint16_t bf16(float x) { // to the nearest, ties to even
  uint32_t u;
  memcpy(&u, &x, 4);
  return (uint16_t)((u + 0x7fff + ((u >> 16) & 1)) >> 16);
}

INLINE float exp_of(float x) { // within 2e-7 of e^x for x <= 0; 0 below -87
  float z = more(x, -87.f) * 1.44269504f, n = rintf(z), r = (z - n) * 0.69314718f;
  float e = 1.f + r * (1.f + r * (0.5f + r * (1.f / 6 + r * (1.f / 24 + r * (1.f / 120 + r * (1.f / 720))))));
  int32_t bits = ((int32_t)n + 127) << 23;
  float power;
  memcpy(&power, &bits, 4);
  return x < -87.f ? 0.f : e * power;
}

/* ---- threads: whoever is awake takes the next item; nobody is waited for who has not taken one ---- */

typedef void (*Work)(void *context, int item, int thread);

typedef struct {
  _Atomic uint64_t ticket; // which job, how many items, next item: 24, 20 and 20 bits
  _Atomic int done, sleepers, bell, stop;
  Work work;
  void *context;
  int threads;
  pthread_t *helpers;
} Pool;

#define FIELD ((1u << 20) - 1)
#define SPINS 3000 // a few dozen microseconds, longer than anything that one thread does alone within a step

static int take(Pool *pool, int thread) {
  uint64_t t = atomic_load_explicit(&pool->ticket, memory_order_acquire);
  while ((t & FIELD) < ((t >> 20) & FIELD)) {
    if (atomic_compare_exchange_weak_explicit(&pool->ticket, &t, t + 1, memory_order_acq_rel, memory_order_acquire)) {
      pool->work(pool->context, (int)(t & FIELD), thread);
      atomic_fetch_add_explicit(&pool->done, 1, memory_order_release);
      return 1;
    }
  }
  return 0;
}

typedef struct { Pool *pool; int thread; } Helper;

static void *help(void *argument) {
  Helper me = *(Helper *)argument;
  free(argument);
  Pool *pool = me.pool;
  int spins = 0;
  while (!atomic_load_explicit(&pool->stop, memory_order_relaxed)) {
    if (take(pool, me.thread)) {
      spins = 0;
    } else if (++spins < SPINS) {
      _mm_pause();
    } else {
      int bell = atomic_load(&pool->bell);
      atomic_fetch_add(&pool->sleepers, 1);
      uint64_t t = atomic_load(&pool->ticket);
      if ((t & FIELD) >= ((t >> 20) & FIELD) && !atomic_load(&pool->stop))
        syscall(SYS_futex, &pool->bell, FUTEX_WAIT_PRIVATE, bell, NULL, NULL, 0);
      atomic_fetch_sub(&pool->sleepers, 1);
      spins = 0;
    }
  }
  return NULL;
}

static void ring(Pool *pool) {
  atomic_fetch_add(&pool->bell, 1);
  syscall(SYS_futex, &pool->bell, FUTEX_WAKE_PRIVATE, pool->threads, NULL, NULL, 0);
}

static void run(Pool *pool, Work work, void *context, int items) {
  if (items == 1 || pool->threads == 1) {
    EACH(i, items) work(context, i, 0);
    return;
  }
  pool->work = work;
  pool->context = context;
  atomic_store_explicit(&pool->done, 0, memory_order_relaxed);
  uint64_t job = (atomic_load(&pool->ticket) >> 40) + 1;
  atomic_store(&pool->ticket, job << 40 | (uint64_t)items << 20);
  if (atomic_load(&pool->sleepers) > 0) ring(pool);
  while (take(pool, 0)) {
  }
  for (int spins = 1; atomic_load_explicit(&pool->done, memory_order_acquire) < items; spins++) {
    _mm_pause();
    if (spins % 4096 == 0) sched_yield(); // a helper was put aside with an item in hand
  }
}

/* ---- what a model is ---- */

typedef struct {
  int rows, cols, bits; // rows without the padding to whole tiles
  int fine;             // whether what is multiplied with it has 16 bits
  uint8_t *blocks;      // [tile][group]: 16 scales, 16 least values (float16), then the codes of 16 rows
} Matrix;

typedef struct { // rows in groups of 32: x = d * q
  int8_t *q;     // [T, cols]; where they have 16 bits, the high ones
  int8_t *low;   // [T, cols]: q * 256 + low
  float *d, *dq; // [T, cols / 32]: the scale, and the scale times the sum of q
  int cols;
} Rows;

enum { QKV, OUT, GATE_UP, DOWN, MATRICES };
enum { ATTENTION_NORM, FEED_NORM, QUERY_NORM, KEY_NORM, POST_ATTENTION_NORM, POST_FEED_NORM, NORMS };

typedef struct {
  Matrix m[MATRICES];
  float *norm[NORMS], *bias;
  int local;
} Layer;

typedef struct { int base, capacity, start, count, wanted; } Piece; // neighbouring tokens of one sequence
typedef struct { int from, to; } Span; // of rows
typedef struct { int piece, head, first, rows; } Unit;              // rows of a piece, for one key head
typedef struct { float value; int id; } Best;

#define KEYS 256  // keys looked at between two corrections of the running maximum
#define QUERIES 32 // queries of one unit at most
#define CANDIDATES 64

typedef struct { // of one thread
  uint8_t *codes; // unpacked tiles
  float *sums, *scores, *seen, *row;
  uint16_t *weights;
} Scratch;

typedef struct Model {
  int threads, layers, hidden, heads, kv, width, ffn, vocab, window, gelu, positions;
  float eps, query_scale, embed_scale;
  Layer *layer;
  float *final_norm;
  Matrix table, head; // head.blocks is the table's when they are one
  float *cos[2], *sin[2];
  uint8_t *arena;
  size_t arena_left;
  void **owned;
  size_t *owned_bytes, owned_count;

  uint16_t *keys, *values, *cached; // [layer][token * KV * D] twice; [block][layer][KV][2][8 * D]
  size_t layer_stride, block_stride;

  Pool pool;
  Scratch *scratch;

  // of one step
  int room, wanted_room, units_room, logits_room;
  int T, S, P; // rows, wanted rows, pieces
  float *x, *qkv, *temp;
  uint16_t *q;
  Rows normed, attended, fed;
  int *row_piece, *row_at, *wanted, *token, *plain;
  const Piece *pieces;
  Unit *units;
  int unit_count, current, head_items;
  float *logits, *adjusted;
  int *other; // by wanted row: which row of logits, or -1
  Best *best; // [item, wanted]
} Model;

#define HALF 8 // tokens of a cached block

static void *aligned(size_t bytes) { return aligned_alloc(64, (bytes + 127) / 64 * 64); }

static void *own(Model *m, size_t bytes) { // zero pages that are committed when touched
  void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return NULL;
  void **owned = realloc(m->owned, (m->owned_count + 1) * sizeof *owned);
  if (owned) m->owned = owned;
  size_t *sizes = realloc(m->owned_bytes, (m->owned_count + 1) * sizeof *sizes);
  if (sizes) m->owned_bytes = sizes;
  if (!owned || !sizes) {
    munmap(p, bytes);
    return NULL;
  }
  m->owned[m->owned_count] = p;
  m->owned_bytes[m->owned_count++] = bytes;
  return p;
}

static void *place(Model *m, size_t bytes) { // weights side by side, so that they fill large pages
  const size_t piece = 16 << 20;
  bytes = (bytes + 63) / 64 * 64;
  if (bytes > m->arena_left) {
    size_t more = bytes > piece / 4 ? (bytes + (2 << 20) - 1) >> 21 << 21 : piece;
    uint8_t *p = own(m, more);
    if (!p) return NULL;
    madvise(p, more, MADV_HUGEPAGE);
    if (more != piece) return p;
    m->arena = p;
    m->arena_left = more;
  }
  void *p = m->arena;
  m->arena += bytes;
  m->arena_left -= bytes;
  return p;
}

static int groups(const Matrix *m) { return m->cols / GROUP; }
static int tiles(const Matrix *m) { return (m->rows + TILE - 1) / TILE; }
static size_t code_bytes(const Matrix *m) { return TILE * GROUP * (size_t)m->bits / 8; }
static size_t block_bytes(const Matrix *m) { return 64 + code_bytes(m); }

static uint8_t *block(const Matrix *m, int tile, int group) {
  return m->blocks + ((size_t)tile * groups(m) + group) * block_bytes(m);
}

static uint16_t half(float x) { return _cvtss_sh(x, _MM_FROUND_TO_NEAREST_INT); }

static void set_code(const Matrix *m, uint8_t *codes, int out, int in, int code) {
  int reg = in / 4, byte = out * 4 + in % 4;
  if (m->bits == 8) codes[reg * 64 + byte] = (uint8_t)code;
  else codes[reg % 4 * 64 + byte] |= (uint8_t)(code << (reg / 4 * 4));
}

static int get_code(const Matrix *m, const uint8_t *codes, int out, int in) {
  int reg = in / 4, byte = out * 4 + in % 4;
  return m->bits == 8 ? codes[reg * 64 + byte] : codes[reg % 4 * 64 + byte] >> (reg / 4 * 4) & 15;
}

static void set_group(const Matrix *m, int row, int group, float scale, float least, const uint8_t *codes) {
  uint8_t *b = block(m, row / TILE, group);
  uint16_t *numbers = (uint16_t *)b;
  numbers[row % TILE] = half(scale);
  numbers[TILE + row % TILE] = half(least);
  EACH(i, GROUP) set_code(m, b + 64, row % TILE, i, codes[i]);
}

/* ---- products ---- */

/* The largest magnitude of a group. */
INLINE float magnitude(const float *x) {
#ifdef __AVX512BW__
  return _mm512_reduce_max_ps(_mm512_max_ps(_mm512_abs_ps(_mm512_loadu_ps(x)), _mm512_abs_ps(_mm512_loadu_ps(x + 16))));
#else
  float most = 0;
#pragma omp simd reduction(max : most)
  for (int i = 0; i < GROUP; i++) most = more(most, fabsf(x[i]));
  return most;
#endif
}

/* The nearest whole numbers to a group times a factor, in 8 bits, or in 16 with the low ones apart; answers their sum. */
INLINE int encode(const float *x, float factor, int8_t *q, int8_t *low) {
#ifdef __AVX512BW__
  __m512 by = _mm512_set1_ps(factor);
  __m512i a = _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_loadu_ps(x), by));
  __m512i b = _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_loadu_ps(x + 16), by));
  int sum = _mm512_reduce_add_epi32(_mm512_add_epi32(a, b));
  if (low) { // what an 8-bit store keeps is the low part
    _mm_storeu_si128((__m128i *)low, _mm512_cvtepi32_epi8(a));
    _mm_storeu_si128((__m128i *)(low + 16), _mm512_cvtepi32_epi8(b));
    __m512i half = _mm512_set1_epi32(128);
    a = _mm512_srai_epi32(_mm512_add_epi32(a, half), 8);
    b = _mm512_srai_epi32(_mm512_add_epi32(b, half), 8);
  }
  _mm_storeu_si128((__m128i *)q, _mm512_cvtepi32_epi8(a));
  _mm_storeu_si128((__m128i *)(q + 16), _mm512_cvtepi32_epi8(b));
  return sum;
#else
  int sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int i = 0; i < GROUP; i++) {
    int code = (int)rintf(x[i] * factor), high = low ? (code + 128) >> 8 : code;
    q[i] = (int8_t)high;
    if (low) low[i] = (int8_t)(code - high * 256);
    sum += code;
  }
  return sum;
#endif
}

INLINE void quantise_groups(const float *x, int count, int8_t *q, int8_t *low, float *d, float *dq) {
  const float largest = low ? 127 * 256 + 127 : 127, step = 1 / largest;
  EACH(g, count) {
    float most = magnitude(x + g * GROUP);
    d[g] = most * step;
    dq[g] = d[g] * (float)encode(x + g * GROUP, most > 0 ? largest / most : 0, q + g * GROUP, low ? low + g * GROUP : NULL);
  }
}

/* Some numbers of a row, from element `at` of all on; `fine` in 16 bits. */
static void quantise(const Rows *to, size_t at, const float *x, int n, int fine) {
  const size_t g = at / GROUP;
  if (fine) quantise_groups(x, n / GROUP, to->q + at, to->low + at, to->d + g, to->dq + g);
  else quantise_groups(x, n / GROUP, to->q + at, NULL, to->d + g, to->dq + g);
}

#define AHEAD 2560 // bytes; the processor's own prefetching begins anew at every page and every item

/* R rows by one tile. `codes` is the tile unpacked, or NULL to unpack 4 bits on the way, which pays up to a handful of rows. */
INLINE void tile_rows(
    const Matrix *m, int tile, const uint8_t *codes, const Rows *x, int row, const int R, const int four, const int fine,
    size_t ahead, F *out) {
  const int n = groups(m);
  const uint8_t *b = block(m, tile, 0);
  const size_t step = block_bytes(m);
  F acc[MOST_ROWS];
  UNROLL(r, R) acc[r] = f_zero();
  for (int g = 0; g < n; g++, b += step) {
    I w[8];
    for (size_t i = 0; i < step; i += 64) _mm_prefetch((const char *)b + ahead + i, _MM_HINT_T0);
    if (four && !codes) {
      UNROLL(i, 4) {
        I two = i_load(b + 64 + 64 * i);
        w[i] = i_low4(two);
        w[i + 4] = i_high4(two);
      }
    } else {
      const uint8_t *c = codes ? codes + (size_t)g * TILE * GROUP : b + 64;
      UNROLL(i, 8) w[i] = i_load(c + 64 * i);
    }
    F scale = f_of_half((const uint16_t *)b), least = f_of_half((const uint16_t *)b + TILE);
    UNROLL(r, R) {
      const size_t at = (size_t)(row + r) * n + g;
      const int8_t *q = x->q + at * GROUP, *low = x->low + at * GROUP;
      I sum = i_zero(), rest = i_zero();
      UNROLL(i, 8) {
        sum = four ? i_dot4(sum, w[i], i_all(q + 4 * i)) : i_dot8(sum, w[i], i_all(q + 4 * i));
        if (fine) rest = four ? i_dot4(rest, w[i], i_all(low + 4 * i)) : i_dot8(rest, w[i], i_all(low + 4 * i));
      }
      F whole = f_of_i(fine ? i_both(sum, rest) : sum);
      acc[r] = f_fma(f_mul(whole, scale), f_all(x->d[at]), acc[r]);
      acc[r] = f_fma(least, f_all(x->dq[at]), acc[r]);
    }
  }
  UNROLL(r, R) out[r] = acc[r];
}

INLINE void tile_by_bits(
    const Matrix *m, int tile, const uint8_t *codes, const Rows *x, int row, const int R, size_t ahead, F *out) {
  if (m->bits == 4 && m->fine) tile_rows(m, tile, codes, x, row, R, 1, 1, ahead, out);
  else if (m->bits == 4) tile_rows(m, tile, codes, x, row, R, 1, 0, ahead, out);
  else if (m->fine) tile_rows(m, tile, NULL, x, row, R, 0, 1, ahead, out);
  else tile_rows(m, tile, NULL, x, row, R, 0, 0, ahead, out);
}

/* Weights that lie `ahead` bytes further are fetched meanwhile. */
static void tile_product(const Matrix *m, int tile, const uint8_t *codes, const Rows *x, int row, int R, size_t ahead, F *out) {
  switch (R) {
  case 1: tile_by_bits(m, tile, codes, x, row, 1, ahead, out); break;
  case 2: tile_by_bits(m, tile, codes, x, row, 2, ahead, out); break;
  case 3: tile_by_bits(m, tile, codes, x, row, 3, ahead, out); break;
  case 4: tile_by_bits(m, tile, codes, x, row, 4, ahead, out); break;
#if MOST_ROWS == 16
  case 5: tile_by_bits(m, tile, codes, x, row, 5, ahead, out); break;
  case 6: tile_by_bits(m, tile, codes, x, row, 6, ahead, out); break;
  case 7: tile_by_bits(m, tile, codes, x, row, 7, ahead, out); break;
  case 8: tile_by_bits(m, tile, codes, x, row, 8, ahead, out); break;
  case 16: tile_by_bits(m, tile, codes, x, row, 16, ahead, out); break;
#endif
  }
}

/* How many of so many rows go together: one of the numbers that tile_product knows. */
static int abreast(int rows) { return rows >= MOST_ROWS ? MOST_ROWS : rows < 8 ? rows : 8; }

static void unpack(const Matrix *m, int tile, uint8_t *to) {
  for (int g = 0; g < groups(m); g++, to += TILE * GROUP) {
    const uint8_t *c = block(m, tile, g) + 64;
    EACH(i, 4) {
      I two = i_load(c + 64 * i);
      i_store(to + 64 * i, i_low4(two));
      i_store(to + 64 * (i + 4), i_high4(two));
    }
  }
}

static int unpacks(const Matrix *m, Span rows) { return m->bits == 4 && rows.to - rows.from > MOST_ROWS; }

/* Some tiles of the rows of a span, stored or added at out[row][column of the tile]. */
static void product(const Matrix *m, int first, int count, const Rows *x, Span rows, float *out, int stride, int add, Scratch *s) {
  EACH(t, count) {
    int tile = first + t;
    const uint8_t *codes = NULL;
    size_t ahead = AHEAD;
    if (unpacks(m, rows)) unpack(m, tile, s->codes), codes = s->codes, ahead = groups(m) * block_bytes(m);
    for (int row = rows.from, R; row < rows.to; row += R) {
      R = abreast(rows.to - row);
      F sums[MOST_ROWS];
      tile_product(m, tile, codes, x, row, R, ahead, sums);
      EACH(r, R) {
        float y[TILE], *to = out + (size_t)(row + r) * stride + tile * TILE;
        f_store(y, sums[r]);
        if (add) {
          SIMD for (int i = 0; i < TILE; i++) to[i] += y[i];
        } else {
          SIMD for (int i = 0; i < TILE; i++) to[i] = y[i];
        }
      }
    }
  }
}

/* ---- parts of a step ---- */

static void norm(const float *x, const float *w, int n, float eps, float *y) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int i = 0; i < n; i++) sum += x[i] * x[i];
  float scale = 1 / sqrtf(sum / (float)n + eps);
  SIMD for (int i = 0; i < n; i++) y[i] = x[i] * scale * w[i];
}

static void embed(Model *m, int row) {
  const Matrix *t = &m->table;
  int token = m->token[row];
  float *x = m->x + (size_t)row * m->hidden;
  EACH(g, groups(t)) {
    const uint8_t *b = block(t, token / TILE, g);
    float scale = _cvtsh_ss(((const uint16_t *)b)[token % TILE]);
    float least = _cvtsh_ss(((const uint16_t *)b)[TILE + token % TILE]);
    EACH(i, GROUP) {
      x[g * GROUP + i] = (scale * (float)get_code(t, b + 64, token % TILE, i) + least) * m->embed_scale;
    }
  }
}

/* Normed and quantised, for what `fine` says. */
static void norm_rows(Model *m, Span rows, const float *w, int fine, Scratch *s) {
  for (int r = rows.from; r < rows.to; r++) {
    norm(m->x + (size_t)r * m->hidden, w, m->hidden, m->eps, s->row);
    quantise(&m->normed, (size_t)r * m->hidden, s->row, m->hidden, fine);
  }
}

/* To the stream what a product has left in temp, normed first. */
static void add_normed(Model *m, Span rows, const float *w) {
  for (int r = rows.from; r < rows.to; r++) {
    float *y = m->temp + (size_t)r * m->hidden, *x = m->x + (size_t)r * m->hidden;
    norm(y, w, m->hidden, m->eps, y);
    SIMD for (int i = 0; i < m->hidden; i++) x[i] += y[i];
  }
}

static int qkv_width(const Model *m) { return (m->heads + 2 * m->kv) * m->width; }

static size_t slot_offset(const Model *m, int base, int capacity, int head) {
  return ((size_t)base * m->kv + (size_t)head * capacity) * m->width;
}

static void rotate(const float *cos, const float *sin, int width, float *x) {
  int h = width / 2;
  SIMD for (int i = 0; i < h; i++) {
    float a = x[i], b = x[i + h];
    x[i] = a * cos[i] - b * sin[i];
    x[i + h] = b * cos[i] + a * sin[i];
  }
}

/* One row's queries, and its key and value into the cache. */
static void rotate_row(Model *m, int row) {
  const Layer *l = &m->layer[m->current];
  const Piece *p = &m->pieces[m->row_piece[row]];
  const int d = m->width, at = m->row_at[row], n = qkv_width(m);
  float *y = m->qkv + (size_t)row * n;
  const float *cos = m->cos[l->local] + (size_t)at * (d / 2), *sin = m->sin[l->local] + (size_t)at * (d / 2);
  if (l->bias) {
    SIMD for (int i = 0; i < n; i++) y[i] += l->bias[i];
  }
  EACH(h, m->heads) {
    float *q = y + h * d;
    uint16_t *to = m->q + ((size_t)row * m->heads + h) * d;
    if (l->norm[QUERY_NORM]) norm(q, l->norm[QUERY_NORM], d, m->eps, q);
    rotate(cos, sin, d, q);
    SIMD for (int i = 0; i < d; i++) to[i] = bf16(q[i] * m->query_scale);
  }
  EACH(h, m->kv) {
    float *k = y + (m->heads + h) * d;
    const float *v = y + (m->heads + m->kv + h) * d;
    if (l->norm[KEY_NORM]) norm(k, l->norm[KEY_NORM], d, m->eps, k);
    rotate(cos, sin, d, k);
    size_t tile = m->current * m->layer_stride + slot_offset(m, p->base, p->capacity, h) + (size_t)(at / TILE) * TILE * d;
    uint16_t *keys = m->keys + tile + at % TILE * 2, *values = m->values + tile;
    EACH(i, d / 2) {
      keys[i * 2 * TILE] = bf16(k[2 * i]);
      keys[i * 2 * TILE + 1] = bf16(k[2 * i + 1]);
    }
    uint16_t *value = values + at % TILE / 2 * 2 * d + at % 2;
    EACH(i, d) value[2 * i] = bf16(v[i]);
    // What lies behind the end of a tile begun in this step is multiplied by zero, so it must at least be finite.
    if (at == p->start + p->count - 1 && p->start <= at / TILE * TILE) {
      for (int t = at % TILE + 1; t < TILE; t++) EACH(i, d) values[t / 2 * 2 * d + 2 * i + t % 2] = 0;
    }
  }
}

/* Scores of R queries against N tiles of keys: s[query][token]. */
INLINE void score(const uint16_t *const *q, const uint16_t *keys, int d, const int R, const int N, float *s) {
  F sums[4][4];
  UNROLL(r, R) UNROLL(t, N) sums[r][t] = f_zero();
  EACH(j, d / 2) {
    I k[4];
    UNROLL(t, N) k[t] = i_load(keys + (size_t)t * TILE * d + j * 2 * TILE);
    UNROLL(r, R) {
      I two = i_all(q[r] + 2 * j);
      UNROLL(t, N) sums[r][t] = f_dot(sums[r][t], k[t], two);
    }
  }
  UNROLL(r, R) UNROLL(t, N) f_store(s + r * KEYS + t * TILE, sums[r][t]);
}

static void scores(const uint16_t *const *q, int R, const uint16_t *keys, int d, int count, float *s) {
  int t = 0;
  for (; t + 4 <= count; t += 4) {
    const uint16_t *k = keys + (size_t)t * TILE * d;
    switch (R) {
    case 1: score(q, k, d, 1, 4, s + t * TILE); break;
    case 2: score(q, k, d, 2, 4, s + t * TILE); break;
    case 3: score(q, k, d, 3, 4, s + t * TILE); break;
    default: score(q, k, d, 4, 4, s + t * TILE); break;
    }
  }
  for (; t < count; t++) {
    EACH(r, R) score(q + r, keys + (size_t)t * TILE * d, d, 1, 1, s + r * KEYS + t * TILE);
  }
}

/* o[query][C tiles of the width] += weights[query][token] * values[token] */
INLINE void mix(const uint16_t *weights, const uint16_t *values, int d, int pairs, const int R, const int C, float *o) {
  F sums[4][4];
  UNROLL(r, R) UNROLL(c, C) sums[r][c] = f_zero();
  EACH(j, pairs) {
    I v[4];
    UNROLL(c, C) v[c] = i_load(values + (size_t)j * 2 * d + c * 2 * TILE);
    UNROLL(r, R) {
      I two = i_all(weights + r * KEYS + 2 * j);
      UNROLL(c, C) sums[r][c] = f_dot(sums[r][c], v[c], two);
    }
  }
  UNROLL(r, R) UNROLL(c, C) {
    float y[TILE], *to = o + (size_t)r * d + c * TILE;
    f_store(y, sums[r][c]);
    SIMD for (int i = 0; i < TILE; i++) to[i] += y[i];
  }
}

static void mixed(const uint16_t *weights, int R, const uint16_t *values, int d, int pairs, float *o) {
  int c = 0;
  for (; c + 4 <= d / TILE; c += 4) {
    const uint16_t *v = values + c * 2 * TILE;
    switch (R) {
    case 1: mix(weights, v, d, pairs, 1, 4, o + c * TILE); break;
    case 2: mix(weights, v, d, pairs, 2, 4, o + c * TILE); break;
    case 3: mix(weights, v, d, pairs, 3, 4, o + c * TILE); break;
    default: mix(weights, v, d, pairs, 4, 4, o + c * TILE); break;
    }
  }
  for (; c < d / TILE; c += 2) {
    EACH(r, R) mix(weights + r * KEYS, values + c * 2 * TILE, d, pairs, 1, 2, o + (size_t)r * d + c * TILE);
  }
}

/* Softmax over pieces of the keys with a running maximum (Milakov and Gimelshein 2018, arXiv:1805.02867). */
static void attend(Model *m, const Unit *u, Scratch *s) {
  const Piece *p = &m->pieces[u->piece];
  const Layer *l = &m->layer[m->current];
  const int d = m->width, G = m->heads / m->kv, Q = u->rows * G;
  const int window = l->local ? m->window : 0;
  const uint16_t *q[QUERIES];
  int last[QUERIES], from[QUERIES];
  float most[QUERIES], total[QUERIES];
  EACH(i, Q) {
    int row = u->first + i / G;
    q[i] = m->q + ((size_t)row * m->heads + u->head * G + i % G) * d;
    last[i] = m->row_at[row];
    from[i] = window > 0 && last[i] >= window ? last[i] - window + 1 : 0;
    most[i] = -INFINITY;
    total[i] = 0;
  }
  memset(s->seen, 0, (size_t)Q * d * sizeof *s->seen);
  const size_t slot = m->current * m->layer_stride + slot_offset(m, p->base, p->capacity, u->head);
  const int end = last[Q - 1] + 1;
  for (int k = from[0] / KEYS * KEYS; k < end; k += KEYS) {
    int n = end - k < KEYS ? end - k : KEYS, tiled = (n + TILE - 1) / TILE;
    // Sums over whole vectors, however the compiler cuts them: a row's must not depend on how far its neighbours see.
    int padded = (n + 63) / 64 * 64;
    const uint16_t *keys = m->keys + slot + (size_t)k * d, *values = m->values + slot + (size_t)k * d;
    for (int i = 0; i < Q; i += 4) scores(q + i, Q - i < 4 ? Q - i : 4, keys, d, tiled, s->scores + i * KEYS);
    EACH(i, Q) {
      float *row = s->scores + i * KEYS, top = most[i], sum = 0;
      uint16_t *w = s->weights + i * KEYS;
      const int low = from[i] - k, high = last[i] - k;
      if (low > 0 || high < padded - 1) {
        SIMD for (int t = 0; t < padded; t++) row[t] = t < low || t > high ? -INFINITY : row[t];
      }
#pragma omp simd reduction(max : top)
      for (int t = 0; t < padded; t++) top = more(top, row[t]);
      if (top == -INFINITY) { // nothing seen yet
        memset(w, 0, padded * sizeof *w);
        continue;
      }
#pragma omp simd reduction(+ : sum)
      for (int t = 0; t < padded; t++) {
        float e = exp_of(row[t] - top);
        sum += e;
        w[t] = bf16(e);
      }
      if (top > most[i]) {
        float less = most[i] == -INFINITY ? 0 : exp_of(most[i] - top), *o = s->seen + (size_t)i * d;
        total[i] *= less;
        SIMD for (int c = 0; c < d; c++) o[c] *= less;
        most[i] = top;
      }
      total[i] += sum;
    }
    for (int i = 0; i < Q; i += 4) {
      mixed(s->weights + i * KEYS, Q - i < 4 ? Q - i : 4, values, d, tiled * TILE / 2, s->seen + (size_t)i * d);
    }
  }
  EACH(i, Q) {
    float *o = s->seen + (size_t)i * d, inverse = 1 / total[i];
    SIMD for (int c = 0; c < d; c++) o[c] *= inverse;
    const Rows *to = &m->attended;
    size_t at = (size_t)(u->first + i / G) * to->cols + (u->head * G + i % G) * d;
    quantise(to, at, o, d, 0);
  }
}

static void attend_item(void *context, int item, int thread) {
  Model *m = context;
  attend(m, &m->units[item], &m->scratch[thread]);
}

static void activate(int gelu, const float *gate, const float *up, float *y) {
  if (gelu) {
    SIMD for (int i = 0; i < GROUP; i++) { // the form with tanh(z) = 1 - 2 / (1 + e^2z)
      float x = gate[i], z = 0.7978845608f * (x + 0.044715f * x * x * x), e = exp_of(-2 * fabsf(z));
      float tanh = (1 - e) / (1 + e);
      y[i] = 0.5f * x * (1 + (z < 0 ? -tanh : tanh)) * up[i];
    }
  } else {
    SIMD for (int i = 0; i < GROUP; i++) {
      float e = exp_of(-fabsf(gate[i]));
      y[i] = gate[i] * (gate[i] < 0 ? e : 1.f) / (1 + e) * up[i];
    }
  }
}

/* 32 gates and their 32 factors lie in four neighbouring tiles, which make a whole group of what goes down. */
static void feed_group(Model *m, int group, Span rows, Scratch *s) {
  const Matrix *w = &m->layer[m->current].m[GATE_UP];
  const int per_tile = groups(w) * TILE * GROUP;
  const int unpacked = unpacks(w, rows);
  const size_t ahead = unpacked ? 4 * groups(w) * block_bytes(w) : AHEAD;
  if (unpacked) EACH(t, 4) unpack(w, group * 4 + t, s->codes + (size_t)t * per_tile);
  for (int row = rows.from, R; row < rows.to; row += R) {
    R = abreast(rows.to - row);
    float y[MOST_ROWS][4 * TILE];
    EACH(t, 4) {
      F sums[MOST_ROWS];
      const uint8_t *codes = unpacked ? s->codes + (size_t)t * per_tile : NULL;
      tile_product(w, group * 4 + t, codes, &m->normed, row, R, ahead, sums);
      EACH(r, R) f_store(y[r] + t * TILE, sums[r]);
    }
    EACH(r, R) {
      float active[GROUP];
      activate(m->gelu, y[r], y[r] + GROUP, active);
      size_t at = (size_t)(row + r) * m->ffn + group * GROUP;
      quantise(&m->fed, at, active, GROUP, 1);
    }
  }
}

/* What a layer does with one of its matrices, a part of it at a time. */

static void qkv_tiles(Model *m, int first, int count, Span rows, Scratch *s) {
  product(&m->layer[m->current].m[QKV], first, count, &m->normed, rows, m->qkv, qkv_width(m), 0, s);
}

static void out_tiles(Model *m, int first, int count, Span rows, Scratch *s) {
  const Layer *l = &m->layer[m->current];
  int post = l->norm[POST_ATTENTION_NORM] != NULL;
  product(&l->m[OUT], first, count, &m->attended, rows, post ? m->temp : m->x, m->hidden, !post, s);
}

static void feed_tiles(Model *m, int first, int count, Span rows, Scratch *s) {
  for (int tile = first; tile < first + count; tile += 4) feed_group(m, tile / 4, rows, s);
}

static void down_tiles(Model *m, int first, int count, Span rows, Scratch *s) {
  const Layer *l = &m->layer[m->current];
  int post = l->norm[POST_FEED_NORM] != NULL;
  product(&l->m[DOWN], first, count, &m->fed, rows, post ? m->temp : m->x, m->hidden, !post, s);
}

/* What stands between the matrices, row by row. */

static void before_qkv(Model *m, Span rows, Scratch *s) {
  norm_rows(m, rows, m->layer[m->current].norm[ATTENTION_NORM], 1, s);
}

static void after_qkv(Model *m, Span rows) {
  for (int r = rows.from; r < rows.to; r++) rotate_row(m, r);
}

static void before_feed(Model *m, Span rows, Scratch *s) {
  const Layer *l = &m->layer[m->current];
  if (l->norm[POST_ATTENTION_NORM]) add_normed(m, rows, l->norm[POST_ATTENTION_NORM]);
  norm_rows(m, rows, l->norm[FEED_NORM], 0, s);
}

static void after_down(Model *m, Span rows) {
  const Layer *l = &m->layer[m->current];
  if (l->norm[POST_FEED_NORM]) add_normed(m, rows, l->norm[POST_FEED_NORM]);
}

/* Few rows wait for memory: the threads share each matrix, in stretches that are long enough to be fetched ahead. */

#define FEW_ROWS 8
#define STRETCH (64 << 10)

typedef void (*Tiles)(Model *m, int first, int count, Span rows, Scratch *s);
typedef struct { Model *m; Tiles part; int tiles, count; } Shared;

static void shared_item(void *context, int item, int thread) {
  Shared *w = context;
  int first = item * w->count, left = w->tiles - first;
  w->part(w->m, first, left < w->count ? left : w->count, (Span){0, w->m->T}, &w->m->scratch[thread]);
}

static void share(Model *m, Tiles part, const Matrix *x) {
  int four = 1 + STRETCH / (4 * groups(x) * (int)block_bytes(x));
  Shared work = {m, part, tiles(x), 4 * four};
  run(&m->pool, shared_item, &work, (work.tiles + work.count - 1) / work.count);
}

/* Many rows wait for arithmetic: each thread takes some rows through all that lies between two attentions, and keeps them near. */

#define SPAN 96

/* Where rows suffice, two for each thread: one that is put aside for another program must not hold up half of a step. */
static int spans(const Model *m) {
  const int threads = m->pool.threads, least = m->T < 16 * threads ? threads : 2 * threads;
  int n = (m->T + SPAN - 1) / SPAN;
  n = n < least ? least : (n + threads - 1) / threads * threads;
  return n < m->T ? n : m->T;
}

static Span span(const Model *m, int item) {
  int n = spans(m);
  return (Span){(int)((int64_t)m->T * item / n), (int)((int64_t)m->T * (item + 1) / n)};
}

static void embed_span(void *context, int item, int thread) {
  Model *m = context;
  Span rows = span(m, item);
  for (int r = rows.from; r < rows.to; r++) embed(m, r);
}

static void before_attention(void *context, int item, int thread) {
  Model *m = context;
  Scratch *s = &m->scratch[thread];
  Span rows = span(m, item);
  before_qkv(m, rows, s);
  qkv_tiles(m, 0, tiles(&m->layer[m->current].m[QKV]), rows, s);
  after_qkv(m, rows);
}

static void after_attention(void *context, int item, int thread) {
  Model *m = context;
  const Layer *l = &m->layer[m->current];
  Scratch *s = &m->scratch[thread];
  Span rows = span(m, item);
  out_tiles(m, 0, tiles(&l->m[OUT]), rows, s);
  before_feed(m, rows, s);
  feed_tiles(m, 0, tiles(&l->m[GATE_UP]), rows, s);
  down_tiles(m, 0, tiles(&l->m[DOWN]), rows, s);
  after_down(m, rows);
}

#define HEAD_TILES 64

/* Logits, where they are wanted whole, and the likeliest token of the other rows. */
static void head_item(void *context, int item, int thread) {
  Model *m = context;
  const Matrix *w = &m->head;
  Scratch *s = &m->scratch[thread];
  int first = item * HEAD_TILES, end = first + HEAD_TILES;
  if (end > tiles(w)) end = tiles(w);
  const int unpacked = unpacks(w, (Span){0, m->S});
  float *value = s->sums; // [S, 16], by lane
  int *id = (int *)(s->sums + (size_t)m->S * TILE);
  EACH(i, m->S * TILE) value[i] = -INFINITY, id[i] = 0;
  for (int tile = first; tile < end; tile++) {
    if (unpacked) unpack(w, tile, s->codes);
    for (int row = 0, R; row < m->S; row += R) {
      R = abreast(m->S - row);
      F sums[MOST_ROWS];
      tile_product(w, tile, unpacked ? s->codes : NULL, &m->normed, row, R, AHEAD, sums);
      EACH(r, R) {
        float y[TILE];
        f_store(y, sums[r]);
        int known = m->vocab - tile * TILE < TILE ? m->vocab - tile * TILE : TILE;
        for (int i = known; i < TILE; i++) y[i] = -INFINITY;
        int other = m->other[row + r];
        if (other >= 0) memcpy(m->logits + (size_t)other * m->vocab + tile * TILE, y, known * sizeof *y);
        float *v = value + (row + r) * TILE;
        int *n = id + (row + r) * TILE;
        SIMD for (int i = 0; i < TILE; i++) {
          n[i] = y[i] > v[i] ? tile * TILE + i : n[i];
          v[i] = more(y[i], v[i]);
        }
      }
    }
  }
  EACH(r, m->S) {
    Best best = {-INFINITY, 0};
    EACH(i, TILE) {
      float v = value[r * TILE + i];
      int n = id[r * TILE + i];
      if (v > best.value || (v == best.value && n < best.id)) best = (Best){v, n};
    }
    m->best[(size_t)item * m->S + r] = best;
  }
}

/* ---- what is drawn from ---- */

typedef struct { // of the rows wanted whole
  Model *m;
  const float *logits, *temperature;
  int *ids;
  float *values, *sums;
} Heads;

/* The likeliest tokens of a row in no order, and the logarithm of the sum of exp(logit / temperature). */
static void candidates_item(void *context, int row, int thread) {
  Heads *h = context;
  const int n = h->m->vocab, k = n < CANDIDATES ? n : CANDIDATES;
  const float *x = h->logits + (size_t)row * n, t = h->temperature ? h->temperature[row] : 1;
  int *ids = h->ids + (size_t)row * CANDIDATES;
  float *values = h->values + (size_t)row * CANDIDATES;
  int least = 0, held = 0;
  float top = -INFINITY;
  for (int from = 0; from < n; from += 64) {
    int to = n - from < 64 ? n : from + 64;
    float most = -INFINITY;
#pragma omp simd reduction(max : most)
    for (int i = from; i < to; i++) most = more(most, x[i]);
    top = more(top, most);
    if (held == k && most <= values[least]) continue;
    for (int i = from; i < to; i++) {
      if (held < k) {
        ids[held] = i, values[held++] = x[i];
      } else if (x[i] > values[least]) {
        ids[least] = i, values[least] = x[i];
      } else {
        continue;
      }
      if (held == k) {
        least = 0;
        EACH(j, k) if (values[j] < values[least] || (values[j] == values[least] && ids[j] > ids[least])) least = j;
      }
    }
  }
  double sum = 0;
  for (int from = 0; from < n; from += 4096) {
    int to = n - from < 4096 ? n : from + 4096;
    float part = 0;
#pragma omp simd reduction(+ : part)
    for (int i = from; i < to; i++) part += exp_of((x[i] - top) / t);
    sum += part;
  }
  h->sums[row] = top / t + (float)log(sum);
}

/* ---- a step ---- */

static int grow_rows(Rows *r, int rows, int cols) {
  free(r->q), free(r->low), free(r->d), free(r->dq);
  r->cols = cols;
  r->q = aligned((size_t)rows * cols);
  r->low = aligned((size_t)rows * cols);
  r->d = aligned((size_t)rows * (cols / GROUP) * sizeof(float));
  r->dq = aligned((size_t)rows * (cols / GROUP) * sizeof(float));
  return r->q && r->low && r->d && r->dq;
}

static int grow(void *pointer, size_t bytes) {
  void **p = pointer;
  free(*p);
  *p = aligned(bytes);
  return *p != NULL;
}

static int prepare(Model *m, int T, int S, int others, int raw) {
  if (T > m->room) {
    int n = T + T / 4 + 8;
    m->room = 0;
    if (!grow(&m->x, (size_t)n * m->hidden * 4) || !grow(&m->temp, (size_t)n * m->hidden * 4) ||
        !grow(&m->qkv, (size_t)n * qkv_width(m) * 4) || !grow(&m->q, (size_t)n * m->heads * m->width * 2) ||
        !grow(&m->row_piece, n * 4) || !grow(&m->row_at, n * 4) || !grow(&m->token, n * 4) ||
        !grow_rows(&m->normed, n, m->hidden) || !grow_rows(&m->attended, n, m->heads * m->width) ||
        !grow_rows(&m->fed, n, m->ffn))
      return NO_MEMORY;
    m->room = n;
  }
  if (S > m->wanted_room) {
    int n = S + S / 4 + 8;
    m->wanted_room = 0;
    if (!grow(&m->wanted, n * 4) || !grow(&m->other, n * 4) || !grow(&m->best, (size_t)n * m->head_items * sizeof(Best)))
      return NO_MEMORY;
    EACH(t, m->pool.threads) if (!grow(&m->scratch[t].sums, (size_t)n * TILE * 8)) return NO_MEMORY;
    m->wanted_room = n;
  }
  int copies = raw ? 2 * others : others;
  if (copies > m->logits_room) {
    int n = copies + copies / 4;
    m->logits_room = 0;
    if (!grow(&m->logits, (size_t)n * m->vocab * 4)) return NO_MEMORY;
    m->logits_room = n;
  }
  return OK;
}

static int lay_units(Model *m) {
  int G = m->heads / m->kv, most = QUERIES / G > 8 ? 8 : QUERIES / G, n = 0;
  EACH(p, m->P) n += (m->pieces[p].count + most - 1) / most * m->kv;
  if (n > m->units_room) {
    m->units_room = 0;
    if (!grow(&m->units, (size_t)(n + n / 4) * sizeof(Unit))) return NO_MEMORY;
    m->units_room = n + n / 4;
  }
  m->unit_count = 0;
  int row = 0;
  EACH(p, m->P) {
    const Piece *piece = &m->pieces[p];
    for (int r = 0; r < piece->count; r += most) {
      int rows = piece->count - r < most ? piece->count - r : most;
      EACH(h, m->kv) m->units[m->unit_count++] = (Unit){p, h, row + r, rows};
    }
    row += piece->count;
  }
  return OK;
}

/* Of the last layer only its keys and values are wanted of every row. */
static void keep_wanted(Model *m) {
  const Rows *a = &m->attended;
  int g = a->cols / GROUP;
  EACH(i, m->S) { // ascending, so that nothing is written over before it is read
    int from = m->wanted[i];
    if (from == i) continue;
    memcpy(m->x + (size_t)i * m->hidden, m->x + (size_t)from * m->hidden, m->hidden * 4);
    memcpy(a->q + (size_t)i * a->cols, a->q + (size_t)from * a->cols, a->cols);
    memcpy(a->d + (size_t)i * g, a->d + (size_t)from * g, g * 4);
    memcpy(a->dq + (size_t)i * g, a->dq + (size_t)from * g, g * 4);
  }
  m->T = m->S;
}

static void forward(Model *m) {
  Pool *pool = &m->pool;
  run(pool, embed_span, m, spans(m));
  for (int l = 0; l < m->layers; l++) {
    const Matrix *w = m->layer[l].m;
    m->current = l;
    if (m->T <= FEW_ROWS) {
      before_qkv(m, (Span){0, m->T}, m->scratch);
      share(m, qkv_tiles, &w[QKV]);
      after_qkv(m, (Span){0, m->T});
    } else {
      run(pool, before_attention, m, spans(m));
    }
    if (l == m->layers - 1 && m->S == 0) return;
    run(pool, attend_item, m, m->unit_count);
    if (l == m->layers - 1) keep_wanted(m);
    if (m->T <= FEW_ROWS) {
      share(m, out_tiles, &w[OUT]);
      before_feed(m, (Span){0, m->T}, m->scratch);
      share(m, feed_tiles, &w[GATE_UP]);
      share(m, down_tiles, &w[DOWN]);
      after_down(m, (Span){0, m->T});
    } else {
      run(pool, after_attention, m, spans(m));
    }
  }
  norm_rows(m, (Span){0, m->T}, m->final_norm, 1, m->scratch);
  run(pool, head_item, m, m->head_items);
}

/* ---- what Java calls ---- */

void troupe_close(void *model) {
  Model *m = model;
  atomic_store(&m->pool.stop, 1);
  ring(&m->pool);
  for (int t = 1; t < m->pool.threads; t++) pthread_join(m->pool.helpers[t], NULL);
  EACH(t, m->scratch ? m->threads : 0) {
    Scratch *s = &m->scratch[t];
    free(s->codes), free(s->sums), free(s->scores), free(s->weights), free(s->seen), free(s->row);
  }
  for (size_t i = 0; i < m->owned_count; i++) munmap(m->owned[i], m->owned_bytes[i]);
  void *all[] = {m->owned, m->owned_bytes, m->layer, m->scratch, m->pool.helpers, m->x, m->temp, m->qkv, m->q, m->row_piece,
      m->row_at, m->token, m->normed.q, m->normed.low, m->normed.d, m->normed.dq, m->attended.q, m->attended.low, m->attended.d,
      m->attended.dq, m->fed.q, m->fed.low, m->fed.d, m->fed.dq, m->wanted, m->other, m->best, m->units, m->logits};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
  free(m);
}

/* shape: layers, hidden, heads, key heads, head width, ffn, vocabulary, window or 0, gelu, positions; numbers: eps, query scale, embedding scale */
void *troupe_open(const int *shape, const float *numbers, int threads) {
  Model *m = calloc(1, sizeof *m);
  if (!m) return NULL;
  m->layers = shape[0], m->hidden = shape[1], m->heads = shape[2], m->kv = shape[3], m->width = shape[4];
  m->ffn = shape[5], m->vocab = shape[6], m->window = shape[7], m->gelu = shape[8], m->positions = shape[9];
  m->threads = threads;
  m->pool.threads = 1;
  m->eps = numbers[0], m->query_scale = numbers[1], m->embed_scale = numbers[2];
  m->layer = calloc(m->layers, sizeof(Layer));
  m->scratch = calloc(threads, sizeof(Scratch));
  m->pool.helpers = calloc(threads, sizeof(pthread_t));
  int whole = m->layer && m->scratch && m->pool.helpers;
  int wide = m->ffn > m->hidden ? m->ffn : m->hidden;
  if (m->heads * m->width > wide) wide = m->heads * m->width;
  m->head_items = ((m->vocab + TILE - 1) / TILE + HEAD_TILES - 1) / HEAD_TILES;
  EACH(t, whole ? threads : 0) {
    Scratch *s = &m->scratch[t];
    size_t codes = (size_t)TILE * (4 * (size_t)m->hidden > (size_t)wide ? 4 * (size_t)m->hidden : (size_t)wide);
    s->codes = aligned(codes);
    s->scores = aligned(QUERIES * KEYS * 4);
    s->weights = aligned(QUERIES * KEYS * 2);
    s->seen = aligned((size_t)QUERIES * m->width * 4);
    s->row = aligned((size_t)m->hidden * 4);
    whole &= s->row && s->codes && s->scores && s->weights && s->seen;
  }
  if (!whole) {
    troupe_close(m);
    return NULL;
  }
  for (int t = 1; t < threads; t++) {
    Helper *helper = malloc(sizeof *helper);
    if (!helper) break;
    *helper = (Helper){&m->pool, t};
    if (pthread_create(&m->pool.helpers[t], NULL, help, helper) != 0) {
      free(helper);
      break;
    }
    m->pool.threads = t + 1;
  }
  return m;
}

static float *copy_of(Model *m, const float *values, int n) {
  float *p = place(m, (size_t)n * sizeof *p);
  if (p) memcpy(p, values, (size_t)n * sizeof *p);
  return p;
}

/* layer -1: the norm before the head */
int troupe_norm(void *model, int layer, int which, const float *w, int n) {
  Model *m = model;
  float **to = layer < 0 ? &m->final_norm : &m->layer[layer].norm[which];
  *to = copy_of(m, w, n);
  return *to ? OK : NO_MEMORY;
}

int troupe_bias(void *model, int layer, const float *b, int n) {
  Model *m = model;
  m->layer[layer].bias = copy_of(m, b, n);
  return m->layer[layer].bias ? OK : NO_MEMORY;
}

void troupe_local(void *model, int layer) { ((Model *)model)->layer[layer].local = 1; }

/* frequencies [width / 2], radians a position; which: 0 for layers that see everything, 1 for local ones */
int troupe_rope(void *model, int which, const float *frequencies) {
  Model *m = model;
  int h = m->width / 2;
  size_t bytes = (size_t)m->positions * h * sizeof(float);
  float *c = own(m, bytes), *s = own(m, bytes);
  if (!c || !s) return NO_MEMORY;
  EACH(p, m->positions) EACH(i, h) {
    double angle = (double)p * frequencies[i];
    c[(size_t)p * h + i] = (float)cos(angle);
    s[(size_t)p * h + i] = (float)sin(angle);
  }
  m->cos[which] = c;
  m->sin[which] = s;
  return OK;
}

static Matrix *matrix(Model *m, int layer, int which) {
  return layer >= 0 ? &m->layer[layer].m[which] : which == 0 ? &m->table : &m->head;
}

/* Makes room; the rows follow. layer -1: which 0 the embeddings, 1 the head. */
int troupe_matrix(void *model, int layer, int which, int rows, int cols, int bits) {
  Model *m = model;
  Matrix *x = matrix(m, layer, which);
  x->rows = rows, x->cols = cols, x->bits = bits;
  x->fine = layer < 0 || which == QKV || which == DOWN;
  x->blocks = place(m, (size_t)tiles(x) * groups(x) * block_bytes(x));
  return x->blocks ? OK : NO_MEMORY;
}

void troupe_tied_head(void *model) { ((Model *)model)->head = ((Model *)model)->table; }

/* codes [rows, cols], 0..15; scales and zeros [rows, cols / 32]: w = (code - 8) * scale + zero */
void troupe_rows4(void *model, int layer, int which, int first, int rows, const uint8_t *codes, const float *scales, const float *zeros) {
  const Matrix *x = matrix(model, layer, which);
  EACH(r, rows) EACH(g, groups(x)) {
    size_t at = (size_t)r * groups(x) + g;
    set_group(x, first + r, g, scales[at], zeros[at] - 8 * scales[at], codes + at * GROUP);
  }
}

/* values [rows, cols], to the nearest of 255 steps between the largest magnitude of a group and its negative; Q8_0 comes through unchanged */
void troupe_rows8(void *model, int layer, int which, int first, int rows, const float *values) {
  const Matrix *x = matrix(model, layer, which);
  EACH(r, rows) EACH(g, groups(x)) {
    const float *w = values + (size_t)r * x->cols + g * GROUP;
    float scale = _cvtsh_ss(half(magnitude(w) / 127));
    uint8_t codes[GROUP];
    EACH(i, GROUP) {
      float code = scale > 0 ? rintf(w[i] / scale) : 0;
      codes[i] = (uint8_t)(128 + (int)fmaxf(-128, fminf(127, code)));
    }
    set_group(x, first + r, g, scale, -128 * scale, codes);
  }
}

int troupe_reserve(void *model, long tokens, int blocks) {
  Model *m = model;
  m->layer_stride = (size_t)tokens * m->kv * m->width;
  m->block_stride = (size_t)m->layers * m->kv * 2 * HALF * m->width;
  m->keys = own(m, m->layers * m->layer_stride * 2 + 64);
  m->values = own(m, m->layers * m->layer_stride * 2 + 64);
  m->cached = own(m, blocks * m->block_stride * 2 + 64);
  return m->keys && m->values && m->cached ? OK : NO_MEMORY;
}

typedef struct { Model *m; const int *blocks; int base, capacity, from, count; } Copy;

/* Between a block and half a tile of a slot; a block holds the keys [D / 2][8][2], then the values [4][D][2]. */
static void copy_blocks(const Copy *c, int layer, int save) {
  Model *m = c->m;
  const int d = m->width;
  EACH(h, m->kv) {
    size_t slot = layer * m->layer_stride + slot_offset(m, c->base, c->capacity, h);
    EACH(i, c->count) {
      int at = c->from + i * HALF;
      size_t tile = slot + (size_t)(at / TILE) * TILE * d;
      uint16_t *k = m->keys + tile + at % TILE * 2, *v = m->values + tile + at % TILE * d;
      uint16_t *b = m->cached + c->blocks[i] * m->block_stride + ((size_t)layer * m->kv + h) * 2 * HALF * d;
      if (save) {
        EACH(j, d / 2) memcpy(b + j * 2 * HALF, k + j * 2 * TILE, 2 * HALF * 2);
        memcpy(b + HALF * d, v, HALF * d * 2);
      } else {
        EACH(j, d / 2) memcpy(k + j * 2 * TILE, b + j * 2 * HALF, 2 * HALF * 2);
        memcpy(v, b + HALF * d, HALF * d * 2);
        if (at % TILE == 0) memset(v + HALF * d, 0, HALF * d * 2); // finite behind the end, as in rotate_row
      }
    }
  }
}

static void restore_item(void *context, int layer, int thread) { copy_blocks(context, layer, 0); }
static void save_item(void *context, int layer, int thread) { copy_blocks(context, layer, 1); }

void troupe_restore(void *model, int base, int capacity, const int *blocks, int count) {
  Copy c = {model, blocks, base, capacity, 0, count};
  run(&c.m->pool, restore_item, &c, c.m->layers);
}

void troupe_save(void *model, int base, int capacity, int from, const int *blocks, int count) {
  Copy c = {model, blocks, base, capacity, from, count};
  run(&c.m->pool, save_item, &c, c.m->layers);
}

int troupe_block_bytes(void *model) { return (int)(((Model *)model)->block_stride * 2); }

/* Where a block's bytes begin, to be carried out or in. */
void *troupe_block(void *model, int block) {
  Model *m = model;
  return m->cached + block * m->block_stride;
}

void troupe_move(void *model, int base, int capacity, int to, int to_capacity, int tokens) {
  Model *m = model;
  size_t bytes = (size_t)(tokens + TILE - 1) / TILE * TILE * m->width * 2;
  EACH(l, m->layers) EACH(h, m->kv) {
    size_t from = l * m->layer_stride + slot_offset(m, base, capacity, h);
    size_t into = l * m->layer_stride + slot_offset(m, to, to_capacity, h);
    memcpy(m->keys + into, m->keys + from, bytes);
    memcpy(m->values + into, m->values + from, bytes);
  }
}

/*
 * pieces [P, 5]: first token of the slot, its capacity, position of the first row, rows, how many of the last rows want a token.
 * tokens [T]. other [S]: for each wanted row which row of logits it gets, or -1 if its likeliest token is all that is wanted.
 * repeat_at and add_at [2, N]: row of logits and token. likeliest [S]. ids and values [others, 64], sums [others]: of the adjusted logits,
 * and of the model's own if raw is 1.
 */
int troupe_step(void *model, const int *pieces, int P, const int *tokens, int T, const int *other, int S, int others, int raw,
    const int *repeat_at, const float *repeat, int repeats, const int *add_at, const float *add, int adds, const float *temperature,
    int *likeliest, int *ids, float *values, float *sums, int *raw_ids, float *raw_values, float *raw_sums) {
  Model *m = model;
  if (prepare(m, T, S, others, raw) != OK) return NO_MEMORY;
  m->pieces = (const Piece *)pieces;
  m->P = P, m->T = T, m->S = S;
  if (lay_units(m) != OK) return NO_MEMORY;
  memcpy(m->token, tokens, T * sizeof *tokens);
  memcpy(m->other, other, S * sizeof *other);
  int row = 0, wanted = 0;
  EACH(p, P) {
    const Piece *piece = &m->pieces[p];
    EACH(i, piece->count) {
      m->row_piece[row] = p;
      m->row_at[row] = piece->start + i;
      if (i >= piece->count - piece->wanted) m->wanted[wanted++] = row;
      row++;
    }
  }
  forward(m);
  EACH(s, S) {
    Best best = m->best[s];
    for (int i = 1; i < m->head_items; i++) {
      Best one = m->best[(size_t)i * S + s];
      if (one.value > best.value) best = one;
    }
    likeliest[s] = best.id;
  }
  if (others == 0) return OK;
  size_t all = (size_t)others * m->vocab;
  m->adjusted = m->logits;
  if (raw) {
    m->adjusted = m->logits + all;
    memcpy(m->adjusted, m->logits, all * sizeof *m->logits);
    Heads own = {m, m->logits, NULL, raw_ids, raw_values, raw_sums};
    run(&m->pool, candidates_item, &own, others);
  }
  EACH(i, repeats) {
    float *x = m->adjusted + (size_t)repeat_at[i] * m->vocab + repeat_at[repeats + i];
    *x = *x > 0 ? *x / repeat[i] : *x * repeat[i];
  }
  EACH(i, adds) m->adjusted[(size_t)add_at[i] * m->vocab + add_at[adds + i]] += add[i];
  Heads changed = {m, m->adjusted, temperature, ids, values, sums};
  run(&m->pool, candidates_item, &changed, others);
  return OK;
}

/* A whole row of the last step: [vocabulary]. */
void troupe_logits(void *model, int row, int raw, float *to) {
  Model *m = model;
  memcpy(to, (raw ? m->logits : m->adjusted) + (size_t)row * m->vocab, m->vocab * sizeof *to);
}
