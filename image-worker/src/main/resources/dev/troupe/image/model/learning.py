
  # What is added to a network's program so that it can learn. A program is called without recording; a loss records what it does,
  # and `descend` ends it. Beside each weight in w stand its two moments (m, v), its moving mean (e) and its count of steps (s).

  def leaf(self: __torch__.M, w: Tensor, m: Tensor, v: Tensor, e: Tensor, steps: Tensor) -> List[Tensor]:
    # Copies: the memory of a tensor from Java is Java's.
    self.w.append(torch.requires_grad_(torch.clone(w), True))
    self.m.append(torch.clone(m))
    self.v.append(torch.clone(v))
    self.e.append(torch.clone(e))
    self.s.append(torch.clone(steps))
    return annotate(List[Tensor], [])

  def descend(self: __torch__.M, loss: Tensor, inputs: List[Tensor], rate: float, mean: float) -> List[Tensor]:
    # One step of AdamW (Loshchilov, Hutter 2019) with the gradient cut to a length; `mean` is what the moving mean keeps of itself.
    # Answers the loss, the gradient's length, and the gradients to the inputs.
    n = torch.len(self.w)
    leaves = annotate(List[Tensor], [])
    torch.extend(leaves, self.w)
    torch.extend(leaves, inputs)
    all = torch.autograd.grad([loss], leaves, None, None, False, True)
    torch.set_grad_enabled(False)
    grads = annotate(List[Tensor], [])
    answer = annotate(List[Tensor], [])
    at = 0
    for g in all:
      if g is None:
        # The loss does not look at it.
        g1 = torch.zeros_like(leaves[at])
      else:
        g1 = torch.contiguous(g)
      if at < n:
        grads.append(g1)
      else:
        answer.append(g1)
      at = at + 1
    length = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(grads)))
    torch._foreach_mul_(grads, torch.clamp(self.CLIP / (length + 1e-6), None, 1.))
    torch._foreach_add_(self.s, 1)
    torch._fused_adamw_(self.w, grads, self.m, self.v, annotate(List[Tensor], []), self.s, lr=rate, beta1=0.9, beta2=self.BETA2, weight_decay=self.DECAY, eps=1e-8, amsgrad=False, maximize=False)
    torch._foreach_lerp_(self.e, self.w, 1. - mean)
    return torch.add([torch.detach(loss), length], answer)

  def part(self: __torch__.M, kind: int, i: int) -> Tensor:
    return [self.w, self.m, self.v, self.e, self.s][kind][i]
