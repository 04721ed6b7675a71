package dev.troupe.models.hub;

/** Is told how a download goes, whenever bytes have arrived, on the thread that resolves. */
@FunctionalInterface
public interface DownloadListener {
    DownloadListener SILENT = (id, done, total) -> {};

    /**
     * @param id the model
     * @param done bytes here so far, those of an earlier attempt included
     * @param total bytes altogether; 0 while that is unknown
     */
    void progress(String id, long done, long total);
}
