  # The parts that networks of Stable Diffusion's kind are made of, in the form in which libtorch stores programs. The methods that put them
  # together follow, written from the network's configuration. What hangs on self in capitals is a constant of the network. Dtypes are numbers: float32 6.
  # R rows, C channels, H x W places, N = H * W, D width of the text. `i` is where a part's weights begin; a weight and its bias
  # stand side by side.

  def put(self: __torch__.M, w: Tensor) -> None:
    # A copy: the memory of a tensor from Java is Java's, and goes when the call's scope closes.
    if self.CHANNELS_LAST and torch.dim(w) == 4:
      self.w.append(torch.clone(w.to(self.DTYPE), memory_format=2))
    else:
      self.w.append(w.to(self.DTYPE, False, True))

  def put_matrix(self: __torch__.M, w: Tensor) -> None:
    # [out, in]; in oneDNN's own order where the network is packed, so that it isn't reordered in every call
    if self.PACKED:
      self.w.append(ops.mkldnn._reorder_linear_weight(w.to(self.DTYPE), None))
    else:
      self.put(w)

  def put_kernel(self: __torch__.M, w: Tensor, stride: int, padding: int) -> None:
    # [out, in, side, side]; without a size of what comes in, oneDNN takes an order that it does not compute in, and reorders in every call
    if self.PACKED:
      ordered = torch.contiguous(w.to(self.DTYPE), memory_format=2)
      self.w.append(ops.mkldnn._reorder_convolution_weight(ordered, [padding, padding], [stride, stride], [1, 1], 1, [2, torch.size(w, 1), 16, 16]))
    else:
      self.put(w)

  def image(self: __torch__.M, x: Tensor) -> Tensor:
    # [R, C, H, W] as the convolutions want it
    if self.CHANNELS_LAST:
      y = torch.contiguous(x.to(self.DTYPE), memory_format=2)
    else:
      y = x.to(self.DTYPE)
    return y

  def linear(self: __torch__.M, x: Tensor, i: int) -> Tensor:
    return self.product(x, i, self.w[i + 1])

  def product(self: __torch__.M, x: Tensor, i: int, bias: Optional[Tensor]) -> Tensor:
    if self.PACKED:
      y = ops.mkldnn._linear_pointwise(x, self.w[i], bias, "none", [], "")
    else:
      y = torch.linear(x, self.w[i], bias)
    return y

  def layer_norm(self: __torch__.M, x: Tensor, i: int) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, -1)], self.w[i], self.w[i + 1], self.LAYER_EPS)

  def group_norm(self: __torch__.M, x: Tensor, i: int, eps: float) -> Tensor:
    return torch.group_norm(x, self.GROUPS, self.w[i], self.w[i + 1], eps)

  def conv(self: __torch__.M, x: Tensor, i: int, stride: int, padding: int) -> Tensor:
    if self.PACKED:
      y = ops.mkldnn._convolution_pointwise(x, self.w[i], self.w[i + 1], [padding, padding], [stride, stride], [1, 1], 1, "none", [], "")
    else:
      y = torch.conv2d(x, self.w[i], self.w[i + 1], [stride, stride], [padding, padding])
    return y

  def upsample(self: __torch__.M, x: Tensor, height: int, width: int, i: int) -> Tensor:
    return self.conv(torch.upsample_nearest2d(x, [height, width]), i, 1, 1)

  def norm_conv(self: __torch__.M, x: Tensor, i: int) -> Tensor:
    # norm, convolution
    return self.conv(torch.silu(self.group_norm(x, i, self.EPS)), i + 2, 1, 1)

  def resnet(self: __torch__.M, x: Tensor, i: int, shortcut: bool) -> Tensor:
    # norm, convolution, norm, convolution, and a convolution of one place where the channels change
    y = self.norm_conv(self.norm_conv(x, i), i + 4)
    if shortcut:
      x1 = self.conv(x, i + 8, 1, 0)
    else:
      x1 = x
    return x1 + y

  def timed_resnet(self: __torch__.M, x: Tensor, time: Tensor, i: int, shortcut: bool) -> Tensor:
    # The same with the time added between; a linear layer for it comes before the shortcut.
    t = self.linear(time, i + 8).unsqueeze(2).unsqueeze(3)
    y = self.norm_conv(self.norm_conv(x, i) + t, i + 4)
    if shortcut:
      x1 = self.conv(x, i + 10, 1, 0)
    else:
      x1 = x
    return x1 + y

  def scaled_resnet(self: __torch__.M, x: Tensor, time: Tensor, i: int, shortcut: bool) -> Tensor:
    # The same where the time scales and shifts what comes out of the second norm.
    scale, shift = torch.chunk(self.linear(time, i + 8).unsqueeze(2).unsqueeze(3), 2, 1)
    y = torch.silu(self.group_norm(self.norm_conv(x, i), i + 4, self.EPS) * (scale + 1) + shift)
    y = self.conv(y, i + 6, 1, 1)
    if shortcut:
      x1 = self.conv(x, i + 10, 1, 0)
    else:
      x1 = x
    return x1 + y

  def attend(self: __torch__.M, q: Tensor, k: Tensor, v: Tensor, heads: int, causal: bool) -> Tensor:
    # [R, N, C] over [R, M, C]
    q1 = q.unflatten(2, [heads, -1]).transpose(1, 2)
    k1 = k.unflatten(2, [heads, -1]).transpose(1, 2)
    v1 = v.unflatten(2, [heads, -1]).transpose(1, 2)
    return torch.flatten(torch.scaled_dot_product_attention(q1, k1, v1, None, 0., causal).transpose(1, 2), 2)

  def places(self: __torch__.M, x: Tensor) -> Tensor:
    # [R, C, H, W] as [R, N, C]
    return torch.flatten(x, 2).transpose(1, 2)

  def transformer(self: __torch__.M, x: Tensor, text: Tensor, i: int, heads: int, depth: int) -> Tensor:
    # norm, projection in; a layer's 17: norm, qkv, out, norm, q, kv, out, norm, gated up, down; projection out
    h = self.linear(self.places(self.group_norm(x, i, 1e-6)), i + 2)
    at = i + 4
    for _0 in range(depth):
      q, k, v = torch.chunk(self.product(self.layer_norm(h, at), at + 2, None), 3, 2)
      h = h + self.linear(self.attend(q, k, v, heads, False), at + 3)
      q1 = self.product(self.layer_norm(h, at + 5), at + 7, None)
      k1, v1 = torch.chunk(self.product(text, at + 8, None), 2, 2)
      h = h + self.linear(self.attend(q1, k1, v1, heads, False), at + 9)
      up, gate = torch.chunk(self.linear(self.layer_norm(h, at + 11), at + 13), 2, 2)
      h = h + self.linear(up * torch.gelu(gate), at + 15)
      at = at + 17
    return x + self.linear(h, at).transpose(1, 2).reshape(torch.size(x))

  def place_attention(self: __torch__.M, x: Tensor, i: int) -> Tensor:
    # One head over all places: norm, qkv, out.
    q, k, v = torch.chunk(self.linear(self.places(self.group_norm(x, i, self.EPS)), i + 2), 3, 2)
    return x + self.linear(self.attend(q, k, v, 1, False), i + 4).transpose(1, 2).reshape(torch.size(x))
