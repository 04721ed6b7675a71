package dev.troupe.cluster;

import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.BackupQuestion;
import dev.troupe.cluster.message.BackupState;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.DrainNode;
import dev.troupe.cluster.message.GeneratePicture;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.ModelCardReply;
import dev.troupe.cluster.message.ModelCardRequest;
import dev.troupe.cluster.message.PictureAck;
import dev.troupe.cluster.message.PictureFound;
import dev.troupe.cluster.message.PictureHeartbeat;
import dev.troupe.cluster.message.PictureNews;
import dev.troupe.cluster.message.PicturePlace;
import dev.troupe.cluster.message.PictureProbe;
import dev.troupe.cluster.message.PictureQuestion;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.PrefixFetched;
import dev.troupe.cluster.message.ReplicaDescription;
import dev.troupe.cluster.message.ReplicaQuestion;
import dev.troupe.cluster.message.Resend;
import dev.troupe.cluster.message.RouterLeaving;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.StopStream;
import dev.troupe.cluster.message.StreamAcks;
import dev.troupe.cluster.message.StreamProbe;
import dev.troupe.cluster.message.StreamState;
import dev.troupe.cluster.message.TokenBatch;

/** Every address of the pool. Their names stand here and nowhere else. */
public final class Addresses {
    private Addresses() {}

    public static RequestAddress<GenerateRequest, Admission> batcher(String replicaId) {
        return new RequestAddress<>("troupe.batcher." + replicaId, GenerateRequest.class, Admission.class);
    }

    public static Address<Cancel> cancel(String replicaId) {
        return new Address<>("troupe.batcher." + replicaId + ".cancel", Cancel.class);
    }

    public static Address<StreamAcks> acks(String replicaId) {
        return new Address<>("troupe.batcher." + replicaId + ".acks", StreamAcks.class);
    }

    public static RequestAddress<StreamProbe, StreamState> probe(String replicaId) {
        return new RequestAddress<>("troupe.batcher." + replicaId + ".probe", StreamProbe.class, StreamState.class);
    }

    public static RequestAddress<StepPlan, StepAnswer> worker(String replicaId) {
        return new RequestAddress<>("troupe.worker." + replicaId, StepPlan.class, StepAnswer.class);
    }

    public static RequestAddress<Resend, TokenBatch> resend(String replicaId) {
        return new RequestAddress<>("troupe.worker." + replicaId + ".resend", Resend.class, TokenBatch.class);
    }

    /** The one long-lived address of a router: all its streams' tokens come here. */
    public static Address<TokenBatch> tokens(String routerId) {
        return new Address<>("troupe.router." + routerId + ".tokens", TokenBatch.class);
    }

    /** Where a router hears which of its streams nobody wants any more. */
    public static Address<StopStream> stop(String routerId) {
        return new Address<>("troupe.router." + routerId + ".stop", StopStream.class);
    }

    /** Published: every router listens. */
    public static Address<RouterLeaving> routersLeaving() {
        return new Address<>("troupe.routers.leaving", RouterLeaving.class);
    }

    /** Where a process hears that it shall leave. */
    public static RequestAddress<DrainNode, DrainNode> drain(String nodeId) {
        return new RequestAddress<>("troupe.node." + nodeId + ".drain", DrainNode.class, DrainNode.class);
    }

    public static RequestAddress<BackupQuestion, BackupState> backups(String nodeId) {
        return new RequestAddress<>("troupe.node." + nodeId + ".backups", BackupQuestion.class, BackupState.class);
    }

    /** Published: every router listens. */
    public static Address<Heartbeat> heartbeats() {
        return new Address<>("troupe.replicas", Heartbeat.class);
    }

    /** Answered by the node of the worker, from when the model is loaded. */
    public static RequestAddress<ReplicaQuestion, ReplicaDescription> describe(String replicaId) {
        return new RequestAddress<>(
                "troupe.worker." + replicaId + ".describe", ReplicaQuestion.class, ReplicaDescription.class);
    }

    public static RequestAddress<ModelCardRequest, ModelCardReply> card(String replicaId) {
        return new RequestAddress<>(
                "troupe.model." + replicaId + ".card", ModelCardRequest.class, ModelCardReply.class);
    }

    /** Answered by the worker, beside its steps. */
    public static RequestAddress<PrefixFetch, PrefixFetched> fetch(String replicaId) {
        return new RequestAddress<>("troupe.worker." + replicaId + ".fetch", PrefixFetch.class, PrefixFetched.class);
    }

    public static RequestAddress<GeneratePicture, Admission> imageWorker(String replicaId) {
        return new RequestAddress<>("troupe.image." + replicaId, GeneratePicture.class, Admission.class);
    }

    public static Address<Cancel> cancelPicture(String replicaId) {
        return new Address<>("troupe.image." + replicaId + ".cancel", Cancel.class);
    }

    public static Address<PictureAck> pictureAcks(String replicaId) {
        return new Address<>("troupe.image." + replicaId + ".acks", PictureAck.class);
    }

    public static RequestAddress<PictureProbe, PictureFound> pictureProbe(String replicaId) {
        return new RequestAddress<>("troupe.image." + replicaId + ".probe", PictureProbe.class, PictureFound.class);
    }

    /** The one long-lived address of a router for what becomes of its pictures. */
    public static Address<PictureNews> pictureNews(String routerId) {
        return new Address<>("troupe.router." + routerId + ".pictures", PictureNews.class);
    }

    /** Where a router tells others how far its pictures are. */
    public static RequestAddress<PictureQuestion, PicturePlace> picturePlace(String routerId) {
        return new RequestAddress<>(
                "troupe.router." + routerId + ".picture", PictureQuestion.class, PicturePlace.class);
    }

    /** Published: every router listens. */
    public static Address<PictureHeartbeat> pictureHeartbeats() {
        return new Address<>("troupe.image.replicas", PictureHeartbeat.class);
    }
}
