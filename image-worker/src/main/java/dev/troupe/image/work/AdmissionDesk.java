package dev.troupe.image.work;

import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.GeneratePicture;
import dev.troupe.cluster.picture.PictureSpec;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Whether a picture is taken that nobody here knows. Pure. */
final class AdmissionDesk {
    private static final long SHORTEST_RETRY_MILLIS = 100;
    private static final long LONGEST_RETRY_MILLIS = 600_000;
    private static final long DRAINING_RETRY_MILLIS = 1_000;

    private final StepConfig config;
    private final String modelId;
    private final Studio studio;
    private final Tempo tempo;

    AdmissionDesk(StepConfig config, String modelId, Studio studio, Tempo tempo) {
        this.config = config;
        this.modelId = modelId;
        this.studio = studio;
        this.tempo = tempo;
    }

    /** @param retryAfterMillis when it is worth another try; 0 when it never is */
    record Refusal(ErrorCode code, String message, long retryAfterMillis) {}

    Optional<Refusal> refusal(
            GeneratePicture request, Collection<PictureTask> tasks, boolean majority, boolean draining) {
        if (!majority) {
            return Optional.of(new Refusal(
                    ErrorCode.NO_MAJORITY, "This worker has lost sight of most of its pool.", DRAINING_RETRY_MILLIS));
        }
        if (draining) {
            return Optional.of(new Refusal(ErrorCode.DRAINING, "This worker is leaving.", DRAINING_RETRY_MILLIS));
        }
        return problem(request.spec())
                .map(problem -> new Refusal(ErrorCode.INVALID_REQUEST, problem, 0))
                .or(() -> full(request, tasks))
                .or(() -> late(request, tasks));
    }

    private Optional<String> problem(PictureSpec spec) {
        return spec.modelId().equals(modelId)
                ? studio.problem(spec)
                : Optional.of("model " + spec.modelId() + " is not served here; ask for " + modelId);
    }

    private Optional<Refusal> full(GeneratePicture request, Collection<PictureTask> tasks) {
        long own = tasks.stream()
                .filter(task -> task.tenant().equals(request.tenant()))
                .count();
        if (own >= config.maxOfTenant()) {
            return Optional.of(queueFull(own + " of your pictures are under way", tasks));
        }
        if (tasks.size() >= config.maxPictures()) {
            return Optional.of(queueFull(tasks.size() + " pictures are under way", tasks));
        }
        long bytes = request.spec().source().map(Sources::bytes).orElse(0)
                + tasks.stream().mapToLong(PictureTask::sourceBytes).sum();
        return bytes > config.maxSourceBytes()
                ? Optional.of(queueFull("the pictures to start from take all memory that there is for them", tasks))
                : Optional.empty();
    }

    /** At the pace of the last passes a place is free when the average picture has ended. */
    private Refusal queueFull(String why, Collection<PictureTask> tasks) {
        long rowSteps = tasks.stream().mapToLong(PictureTask::rowSteps).sum();
        long retry = clamp(tempo.millis((double) rowSteps / tasks.size()));
        return new Refusal(
                ErrorCode.QUEUE_FULL,
                "Too many pictures: " + why + ". Please try again in " + (retry + 999) / 1000 + " s.",
                retry);
    }

    private static long clamp(long millis) {
        return Math.min(LONGEST_RETRY_MILLIS, Math.max(SHORTEST_RETRY_MILLIS, millis));
    }

    /** Its first step comes after all of its own tenant's that are before it, and meanwhile the others get their shares. */
    private Optional<Refusal> late(GeneratePicture request, Collection<PictureTask> tasks) {
        OptionalLong deadline = request.share().deadlineMillis();
        if (deadline.isEmpty()) {
            return Optional.empty();
        }
        long own = tasks.stream()
                .filter(task -> task.tenant().equals(request.tenant()) && task.isWorkLeft())
                .filter(task -> task.priority().compareTo(request.share().priority()) <= 0)
                .mapToLong(PictureTask::rowSteps)
                .sum();
        double others = tasks.stream()
                .filter(task -> !task.tenant().equals(request.tenant()) && task.isWorkLeft())
                .collect(Collectors.groupingBy(PictureTask::tenant))
                .values()
                .stream()
                .mapToDouble(theirs -> Math.min(
                        theirs.stream().mapToDouble(PictureTask::rowSteps).sum(),
                        (double) own * theirs.get(0).weight() / request.share().weight()))
                .sum();
        long wait = tempo.millis(own + others);
        return wait > deadline.getAsLong()
                ? Optional.of(new Refusal(
                        ErrorCode.DEADLINE_UNREACHABLE,
                        "The first step would come in about " + (wait + 999) / 1000
                                + " s, after the request's deadline. Please allow more time, or try again later.",
                        clamp(wait - deadline.getAsLong())))
                : Optional.empty();
    }
}
