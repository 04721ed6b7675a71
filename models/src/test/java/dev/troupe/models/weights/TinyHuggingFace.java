package dev.troupe.models.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The names and the configuration that transformers gives a {@link TinyModel}, written from its modelling code. */
final class TinyHuggingFace {
    private static final JsonMapper MAPPER = new JsonMapper();

    private TinyHuggingFace() {}

    static String config(TinyModel model) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("architectures", List.of(className(model.architecture())));
        json.put("num_hidden_layers", TinyModel.LAYERS);
        json.put("hidden_size", TinyModel.HIDDEN);
        json.put("num_attention_heads", TinyModel.HEADS);
        json.put("num_key_value_heads", TinyModel.KV_HEADS);
        json.put("head_dim", TinyModel.HEAD_DIM);
        json.put("intermediate_size", TinyModel.FFN);
        json.put("vocab_size", TinyTokenizer.SIZE);
        json.put("max_position_embeddings", TinyModel.CONTEXT);
        json.put("rms_norm_eps", TinyModel.RMS_EPS);
        json.put("rope_theta", TinyModel.THETA);
        json.put("tie_word_embeddings", model.tied());
        json.put("rope_scaling", scaling(model.scaling()));
        json.put("sliding_window", null);
        if (model.architecture() == Architecture.GEMMA3) {
            json.put("hidden_activation", "gelu_pytorch_tanh");
            json.put("query_pre_attn_scalar", TinyModel.HEAD_DIM);
            json.put("sliding_window", model.window());
            json.put("sliding_window_pattern", TinyModel.PATTERN);
            json.put("rope_local_base_freq", TinyModel.LOCAL_THETA);
            json.put("final_logit_softcapping", null);
        } else {
            json.put("hidden_act", "silu");
        }
        return json(json);
    }

    private static String className(Architecture architecture) {
        return switch (architecture) {
            case LLAMA -> "LlamaForCausalLM";
            case QWEN2 -> "Qwen2ForCausalLM";
            case QWEN3 -> "Qwen3ForCausalLM";
            case GEMMA3 -> "Gemma3ForCausalLM";
        };
    }

    private static Map<String, Object> scaling(RopeScaling scaling) {
        if (scaling instanceof RopeScaling.Linear linear) {
            return Map.of("type", "linear", "factor", linear.factor());
        }
        if (scaling instanceof RopeScaling.Llama3 llama3) {
            return Map.of(
                    "rope_type", "llama3",
                    "factor", llama3.factor(),
                    "low_freq_factor", llama3.lowFrequencyFactor(),
                    "high_freq_factor", llama3.highFrequencyFactor(),
                    "original_max_position_embeddings", llama3.originalContext());
        }
        return Map.of("rope_type", "default");
    }

    static String name(String name, Architecture architecture) {
        boolean gemma = architecture == Architecture.GEMMA3;
        return switch (name) {
            case "token_embd.weight" -> "model.embed_tokens.weight";
            case "output_norm.weight" -> "model.norm.weight";
            case "output.weight" -> "lm_head.weight";
            default -> {
                String[] parts = name.split("\\.", -1);
                String part =
                        switch (parts[2]) {
                            case "attn_norm" -> "input_layernorm";
                            case "attn_q" -> "self_attn.q_proj";
                            case "attn_k" -> "self_attn.k_proj";
                            case "attn_v" -> "self_attn.v_proj";
                            case "attn_output" -> "self_attn.o_proj";
                            case "attn_q_norm" -> "self_attn.q_norm";
                            case "attn_k_norm" -> "self_attn.k_norm";
                            case "post_attention_norm" -> "post_attention_layernorm";
                            case "ffn_norm" -> gemma ? "pre_feedforward_layernorm" : "post_attention_layernorm";
                            case "ffn_gate" -> "mlp.gate_proj";
                            case "ffn_up" -> "mlp.up_proj";
                            case "ffn_down" -> "mlp.down_proj";
                            case "post_ffw_norm" -> "post_feedforward_layernorm";
                            default -> throw new IllegalArgumentException(name);
                        };
                yield "model.layers." + parts[1] + "." + part + "." + parts[3];
            }
        };
    }

    /** Gemma 3 stores its norm weights less one. */
    static float[] values(String name, float[] values, Architecture architecture) {
        float[] out = values.clone();
        if (architecture == Architecture.GEMMA3 && name.endsWith("norm.weight")) {
            for (int i = 0; i < out.length; i++) {
                out[i] -= 1;
            }
        }
        return out;
    }

    static String json(Map<String, ?> value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
