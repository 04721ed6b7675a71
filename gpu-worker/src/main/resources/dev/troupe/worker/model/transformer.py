  # One decoder-only transformer, in the form in which libtorch stores programs. What hangs on self in
  # capitals is a constant of the model; an `if` over one is decided at load. Dtypes are numbers: int8 1, int32 3, int64 4, float32 6, bfloat16 15.
  # T rows, H query heads, KV key heads, G = H / KV, D head width, V vocabulary.

  # ---- weights ----

  def put_norm(self: __torch__.M, w: Tensor) -> None:
    # The square root of the width belongs to the mean of squares; see norm.
    width = torch.tensor(float(torch.size(w, -1)))
    self.norms.append(w.to(6) * torch.sqrt(width))
    self.epsilons.append(torch.sqrt(width * self.EPS))

  def new_table(self: __torch__.M, rows: int, width: int) -> None:
    self.tables.append(torch.empty([rows, width], dtype=self.DTYPE, device=self.norms[0].device))

  def put_rows(self: __torch__.M, table: int, first: int, rows: Tensor) -> None:
    _0 = self.tables[table].narrow(0, first, torch.size(rows, 0)).copy_(rows)

  def put_dense(self: __torch__.M, w: Tensor) -> None:
    # w [out, in]
    w1 = w.to(self.DTYPE)
    if self.PACKED:
      self.dense.append(ops.mkldnn._reorder_linear_weight(w1, None))
    else:
      self.dense.append(w1)

  def put_linear(self: __torch__.M, w: Tensor) -> None:
    # A copy: the memory of a tensor from Java is Java's, and goes when the call's scope closes.
    self.put_dense(w.to(self.DTYPE, False, True))
    self.codes.append(torch.empty([0]))
    self.scales.append(torch.empty([0]))

  def put_linear4(self: __torch__.M, codes: Tensor, sz: Tensor) -> None:
    # codes [out, in] 0..15; sz [in/32, out, 2]: weight = (code - 8) * sz[0] + sz[1]
    out = torch.size(codes, 0)
    groups = torch.size(sz, 0)
    scale, zero = torch.unbind(sz.transpose(0, 1).unsqueeze(3), 2)
    w = torch.add((codes.to(6) - 8.0).view([out, groups, 32]) * scale, zero)
    self.put_dense(w.view([out, groups * 32]))
    if self.INT4:
      self.codes.append(torch._convert_weight_to_int4pack_for_cpu(codes.to(3), 2))
      self.scales.append(sz.to(15))
    else:
      self.codes.append(torch.empty([0]))
      self.scales.append(torch.empty([0]))

  def put_layer_kind(self: __torch__.M, local: int) -> None:
    self.local.append(local)

  def put_bias(self: __torch__.M, b: Tensor) -> None:
    self.biases.append(b.to(self.DTYPE, False, True))

  def put_head(self: __torch__.M, table: int) -> None:
    # A tied head is the embedding once more, packed; in plain form it is the same tensor and costs nothing.
    self.put_dense(self.tables[table])

  def drop_last_table(self: __torch__.M) -> None:
    _0 = self.tables.pop()

  # ---- keys and values ----

  def reserve(self: __torch__.M, like: Tensor, slab_rows: int, blocks: int, lazy: bool) -> None:
    # Slabs as [layer, row, D]; a slot is KV runs of `capacity` rows. Blocks as [layer, block, KV, BLOCK, D].
    # Fresh pages of a large allocation read as zero and are not committed before they are touched, so they are not filled here.
    slabs = [self.LAYERS, slab_rows, self.HEAD_DIM]
    cached = [self.LAYERS, blocks, self.KV_HEADS, self.BLOCK, self.HEAD_DIM]
    for shape in [slabs, slabs, cached, cached]:
      if lazy:
        self.kv.append(torch.empty(shape, dtype=self.DTYPE, device=like.device))
      else:
        self.kv.append(torch.zeros(shape, dtype=self.DTYPE, device=like.device))

  def slot(self: __torch__.M, kv: int, first: int, capacity: int, tokens: int) -> Tensor:
    # [layer, KV, tokens, D] of the slot whose rows begin at `first`
    t = self.kv[kv]
    d = self.HEAD_DIM
    return torch.as_strided(t, [self.LAYERS, self.KV_HEADS, tokens, d], [torch.size(t, 1) * d, capacity * d, d, 1], first * d)

  def restore(self: __torch__.M, first: int, capacity: int, blocks: Tensor) -> None:
    n = torch.size(blocks, 0)
    for i in range(2):
      from_blocks = self.kv[2 + i].index_select(1, blocks).transpose(1, 2)
      to = self.slot(i, first, capacity, n * self.BLOCK).view([self.LAYERS, self.KV_HEADS, n, self.BLOCK, self.HEAD_DIM])
      _0 = to.copy_(from_blocks)

  def save(self: __torch__.M, first: int, capacity: int, from_token: int, blocks: Tensor) -> None:
    n = torch.size(blocks, 0)
    for i in range(2):
      rows = self.slot(i, first, capacity, from_token + n * self.BLOCK).narrow(2, from_token, n * self.BLOCK)
      source = rows.view([self.LAYERS, self.KV_HEADS, n, self.BLOCK, self.HEAD_DIM]).transpose(1, 2)
      _0 = self.kv[2 + i].index_copy_(1, blocks, source)

  def move(self: __torch__.M, first: int, capacity: int, to_first: int, to_capacity: int, tokens: int) -> None:
    for i in range(2):
      _0 = self.slot(i, to_first, to_capacity, tokens).copy_(self.slot(i, first, capacity, tokens))

  def read_blocks(self: __torch__.M, blocks: Tensor) -> Tensor:
    # bytes of [block, keys and values, layer, KV, BLOCK, D]
    kv = torch.stack([self.kv[2].index_select(1, blocks), self.kv[3].index_select(1, blocks)])
    return torch.view_copy(torch.contiguous(kv.permute([2, 0, 1, 3, 4, 5])), dtype=0).view([-1])

  def write_blocks(self: __torch__.M, blocks: Tensor, bytes: Tensor) -> None:
    shape = [torch.size(blocks, 0), 2, self.LAYERS, self.KV_HEADS, self.BLOCK, self.HEAD_DIM]
    kv = torch.view_copy(bytes, dtype=self.DTYPE).view(shape).to(self.kv[2].device)
    for i in range(2):
      _0 = self.kv[2 + i].index_copy_(1, blocks, kv.select(1, i).transpose(0, 1))

  # ---- parts of a layer ----

  def norm(self: __torch__.M, x: Tensor, i: int) -> Tensor:
    # x / sqrt(mean(x^2) + EPS) * weight, in float32; weight and EPS are kept for the sum in place of the mean
    n = torch.hypot(torch.linalg_vector_norm(x, 2, [-1], True), self.epsilons[i])
    return x / n * self.norms[i]

  def linear(self: __torch__.M, x: Tensor, i: int, few: bool) -> Tensor:
    # In bfloat16 or DTYPE, as the kernel has it
    if few and torch.numel(self.codes[i]) != 0:
      # With rows of float32 or float16 this kernel is ten times slower.
      y = ops.aten._weight_int4pack_mm_for_cpu(x.to(15), self.codes[i], 32, self.scales[i])
    else:
      y = self.dense_linear(x, i)
    return y

  def dense_linear(self: __torch__.M, x: Tensor, i: int) -> Tensor:
    if self.PACKED:
      y = ops.mkldnn._linear_pointwise(x, self.dense[i], None, "none", [], "")
    else:
      y = torch.linear(x, self.dense[i])
    return y

  def activate(self: __torch__.M, gate_up: Tensor) -> Tensor:
    gate = gate_up.narrow(1, 0, self.FFN)
    if self.GELU:
      a = torch.gelu(gate, approximate="tanh")
    else:
      a = torch.silu(gate)
    return a.mul_(gate_up.narrow(1, self.FFN, self.FFN))

  def decode_mask(self: __torch__.M, lengths: Tensor, longest: int, window: int) -> Tensor:
    # [slot, 1, 1, longest], added to scores: what lies behind a sequence's end, or before its window, is not seen
    at = torch.arange(longest, device=lengths.device).unsqueeze(0)
    end = lengths.unsqueeze(1)
    unseen = torch.ge(at, end)
    if window > 0:
      unseen = torch.logical_or(unseen, torch.lt(at, end - window))
    mask = torch.zeros([torch.size(lengths, 0), longest], dtype=self.DTYPE, device=lengths.device)
    return mask.masked_fill_(unseen, -30000.0).view([-1, 1, 1, longest])

  def chunk_mask(self: __torch__.M, like: Tensor, start: int, count: int, window: int) -> Tensor:
    # [count, start + count]
    at = torch.arange(start + count, device=like.device).unsqueeze(0)
    row = torch.arange(start, start + count, device=like.device).unsqueeze(1)
    unseen = torch.gt(at, row)
    if window > 0:
      unseen = torch.logical_or(unseen, torch.le(at, row - window))
    mask = torch.zeros([count, start + count], dtype=self.DTYPE, device=like.device)
    return mask.masked_fill_(unseen, -30000.0)

  def attend_slots(self: __torch__.M, q: Tensor, l: int, group: List[int], mask: Tensor) -> Tensor:
    # q [n, H, D]: one new token for each of n neighbouring slots
    first, capacity, n, longest, fused = group[0], group[1], group[2], group[3], group[4]
    kv, d, g = self.KV_HEADS, self.HEAD_DIM, self.HEADS // self.KV_HEADS
    run = capacity * d
    if fused == 1:
      shape = [n, kv, longest, d]
      stride = [kv * run, run, d, 1]
      at = (l * torch.size(self.kv[0], 1) + first) * d
      k = torch.as_strided(self.kv[0], shape, stride, at)
      v = torch.as_strided(self.kv[1], shape, stride, at)
      o = torch.scaled_dot_product_attention(q.reshape([n, kv, g, d]), k, v, mask, 0., False, scale=1.)
    else:
      shape = [n * kv, longest, d]
      stride = [run, d, 1]
      at = (l * torch.size(self.kv[0], 1) + first) * d
      k = torch.as_strided(self.kv[0], shape, stride, at)
      v = torch.as_strided(self.kv[1], shape, stride, at)
      scores = torch.bmm(q.reshape([n * kv, g, d]), k.transpose(1, 2)).view([n, kv, g, longest])
      o = torch.bmm(torch.softmax(scores.add_(mask), 3).view([n * kv, g, longest]), v)
    return o.reshape([n, self.HEADS * d])

  def attend_chunk(self: __torch__.M, q: Tensor, l: int, chunk: List[int], mask: Optional[Tensor]) -> Tensor:
    # q [n, H, D]: n neighbouring tokens of one slot
    first, capacity, start, n = chunk[0], chunk[1], chunk[2], chunk[3]
    kv, d, g = self.KV_HEADS, self.HEAD_DIM, self.HEADS // self.KV_HEADS
    shape = [kv, g, start + n, d]
    stride = [capacity * d, 0, d, 1]
    at = (l * torch.size(self.kv[0], 1) + first) * d
    k = torch.as_strided(self.kv[0], shape, stride, at)
    v = torch.as_strided(self.kv[1], shape, stride, at)
    q1 = q.view([n, kv, g, d]).permute([1, 2, 0, 3])
    if mask is None:
      o = torch.scaled_dot_product_attention(q1, k, v, None, 0., True, scale=1.)
    else:
      o = torch.scaled_dot_product_attention(q1, k, v, mask, 0., False, scale=1.)
    return o.permute([2, 0, 1, 3]).reshape([n, self.HEADS * d])

  # ---- a step ----

  def forward_rows(self: __torch__.M, rows: Tensor, slots: Tensor, rank: Tensor, groups: List[int], chunks: List[int], sampled: Tensor, few: bool) -> Tensor:
    # rows [4, T]: token, position, cache row of (key head 0, position), capacity of the slot. Decode rows first, group by group.
    # slots [2, N]: for each slot of each group its length with this token, and its row (any row, if the slot is empty).
    # rank [R] by decode row: which slot of its group it is.
    # groups, nine numbers each: first cache row, capacity, slots, longest, fused, no slot is empty, first row, rows, first in `slots`
    # chunks, five each: first cache row, capacity, start, count, first row
    # Answers the stream after the last layer of the rows in `sampled`, [S, hidden] in float32.
    tokens, positions, cache, capacity = torch.unbind(rows)
    kv, d, heads = self.KV_HEADS, self.HEAD_DIM, self.HEADS
    T = torch.size(tokens, 0)
    into = cache.unsqueeze(1) + torch.arange(kv, device=rows.device).unsqueeze(0) * capacity.unsqueeze(1)
    cos = torch.embedding(self.tables[1], positions).unsqueeze(1)
    sin = torch.embedding(self.tables[2], positions).unsqueeze(1)
    local_cos = cos
    local_sin = sin
    if self.WINDOW > 0:
      local_cos = torch.embedding(self.tables[3], positions).unsqueeze(1)
      local_sin = torch.embedding(self.tables[4], positions).unsqueeze(1)

    masks = annotate(List[Tensor], [])
    local_masks = annotate(List[Tensor], [])
    for i in range(len(groups) // 9):
      group = groups[i * 9:i * 9 + 9]
      lengths = slots[0].narrow(0, group[8], group[2])
      masks.append(self.decode_mask(lengths, group[3], 0))
      if self.WINDOW > 0:
        local_masks.append(self.decode_mask(lengths, group[3], self.WINDOW))
    chunk_masks = annotate(List[Optional[Tensor]], [])
    local_chunk_masks = annotate(List[Optional[Tensor]], [])
    for i in range(len(chunks) // 5):
      chunk = chunks[i * 5:i * 5 + 5]
      if chunk[2] == 0:
        chunk_masks.append(None)
      else:
        chunk_masks.append(self.chunk_mask(rows, chunk[2], chunk[3], 0))
      if self.WINDOW > 0:
        if chunk[2] + chunk[3] > self.WINDOW:
          local_chunk_masks.append(self.chunk_mask(rows, chunk[2], chunk[3], self.WINDOW))
        else:
          local_chunk_masks.append(chunk_masks[-1])

    # The sum over the layers stays in float32; what goes into a matrix is DTYPE.
    x = torch.embedding(self.tables[0], tokens).to(6) * self.EMBED_SCALE
    for l in range(self.LAYERS):
      local = self.WINDOW > 0 and self.local[l] == 1
      n = l * self.NORMS
      h = self.norm(x, n).to(self.DTYPE)
      qkv = self.linear(h, 4 * l, few).to(self.DTYPE)
      if self.QKV_BIAS:
        qkv = qkv + self.biases[l]
      qkv = qkv.view([T, heads + 2 * kv, d])
      qk = qkv.narrow(1, 0, heads + kv)
      if self.QK_NORM:
        qk = self.norm(qk.to(6), n + 2).to(self.DTYPE)
      if local:
        qk = torch.addcmul(qk * local_cos, torch.roll(qk, d // 2, 2), local_sin)
      else:
        qk = torch.addcmul(qk * cos, torch.roll(qk, d // 2, 2), sin)
      q = qk.narrow(1, 0, heads)
      _0 = torch.index_put_(self.kv[0][l], [into], qk.narrow(1, heads, kv))
      _1 = torch.index_put_(self.kv[1][l], [into], qkv.narrow(1, heads + kv, kv))

      seen = annotate(List[Tensor], [])
      for i in range(len(groups) // 9):
        group = groups[i * 9:i * 9 + 9]
        mask = local_masks[i] if local else masks[i]
        if group[5] == 1:
          seen.append(self.attend_slots(q.narrow(0, group[6], group[7]), l, group, mask))
        else:
          take = slots[1].narrow(0, group[8], group[2])
          o = self.attend_slots(q.index_select(0, take), l, group, mask)
          seen.append(o.index_select(0, rank.narrow(0, group[6], group[7])))
      for i in range(len(chunks) // 5):
        chunk = chunks[i * 5:i * 5 + 5]
        chunk_mask = local_chunk_masks[i] if local else chunk_masks[i]
        seen.append(self.attend_chunk(q.narrow(0, chunk[4], chunk[3]), l, chunk, chunk_mask))
      o = seen[0] if len(seen) == 1 else torch.cat(seen)

      if l == self.LAYERS - 1:
        # Of the last layer only its keys and values are wanted of every row.
        x = x.index_select(0, sampled)
        o = o.index_select(0, sampled)
      if torch.size(x, 0) > 0:
        x = self.feed(x, o, l, few)
    return x

  def feed(self: __torch__.M, x: Tensor, o: Tensor, l: int, few: bool) -> Tensor:
    # What a layer does after its attention, row by row
    n = l * self.NORMS
    attended = self.linear(o, 4 * l + 1, few)
    if self.POST_NORMS:
      x1 = x + self.norm(attended.to(6), n + self.NORMS - 2)
    else:
      x1 = x + attended
    h = self.norm(x1, n + 1).to(self.DTYPE)
    fed = self.linear(self.activate(self.linear(h, 4 * l + 2, few)), 4 * l + 3, few)
    if self.POST_NORMS:
      y = x1 + self.norm(fed.to(6), n + self.NORMS - 1)
    else:
      y = x1 + fed
    return y

  def head(self: __torch__.M, x: Tensor) -> Tensor:
    return self.dense_linear(self.norm(x, self.LAYERS * self.NORMS).to(self.DTYPE), 4 * self.LAYERS)

  # ---- sampling ----

  def candidates(self: __torch__.M, raw: Tensor, repeat_at: Tensor, repeat: Tensor, add_at: Tensor, add: Tensor, temperature: Tensor, want_raw: bool) -> List[Tensor]:
    # raw [S, V] float32; *_at [2, N]: row and token; temperature [S].
    adjusted = raw
    if torch.size(repeat, 0) + torch.size(add, 0) > 0:
      adjusted = raw.clone()
      repeat_rows, repeat_tokens = torch.unbind(repeat_at)
      said = torch.index(raw, [repeat_rows, repeat_tokens])
      _0 = torch.index_put_(adjusted, [repeat_rows, repeat_tokens], torch.where(torch.gt(said, 0.), said / repeat, said * repeat))
      add_rows, add_tokens = torch.unbind(add_at)
      _1 = torch.index_put_(adjusted, [add_rows, add_tokens], add, True)
    values, ids = torch.topk(adjusted, self.CANDIDATES, 1)
    out = [ids, values, torch.logsumexp(adjusted / temperature.unsqueeze(1), [1]), adjusted]
    if want_raw:
      raw_values = values
      raw_ids = ids
      if adjusted is not raw:
        raw_values, raw_ids = torch.topk(raw, self.CANDIDATES, 1)
      out.extend([raw_ids, raw_values, torch.logsumexp(raw, [1]), raw])
    return out

  def step(self: __torch__.M, rows: Tensor, slots: Tensor, rank: Tensor, groups: List[int], chunks: List[int], sampled: Tensor, few: bool, plain: int, repeat_at: Tensor, repeat: Tensor, add_at: Tensor, add: Tensor, temperature: Tensor, want_raw: bool) -> List[Tensor]:
    # The first `plain` of the sampled rows only want their likeliest token.
    out = annotate(List[Tensor], [])
    S = torch.size(sampled, 0)
    x = self.forward_rows(rows, slots, rank, groups, chunks, sampled, few)
    if S > 0:
      logits = self.head(x)
      if plain > 0:
        out.append(torch.argmax(logits.narrow(0, 0, plain), 1))
      if S > plain:
        raw = logits.narrow(0, plain, S - plain).to(6)
        out.extend(self.candidates(raw, repeat_at, repeat, add_at, add, temperature, want_raw))
    return out
