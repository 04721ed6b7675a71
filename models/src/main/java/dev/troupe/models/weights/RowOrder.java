package dev.troupe.models.weights;

/** Where in its file the row of a matrix stands. */
@FunctionalInterface
interface RowOrder {
    /** Row by row. */
    RowOrder PLAIN = row -> row;

    int source(int row);

    /**
     * The rows of Q and K in a GGUF file of architecture {@code llama}: its converter lays the two halves of each head
     * side by side for interleaved rope ({@code LlamaModel.permute} in {@code convert_hf_to_gguf.py}). Undone here, for
     * rotate-half rope.
     */
    static RowOrder interleaved(int headDim) {
        int half = headDim / 2;
        return row -> {
            int within = row % headDim;
            return row - within + within % half * 2 + within / half;
        };
    }
}
