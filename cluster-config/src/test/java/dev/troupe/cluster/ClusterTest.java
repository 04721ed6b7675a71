package dev.troupe.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.instance.impl.LifecycleServiceImpl;
import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.TokenIds;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClusterTest {
    @Test
    void messagesTravelBetweenMembersAndDeathIsTold() throws Exception {
        Cluster first = await(Cluster.start(options(15701, List.of()), new VertxOptions()));
        Cluster second = await(Cluster.start(options(15751, List.of("127.0.0.1:" + first.port())), new VertxOptions()));
        CompletableFuture<String> left = new CompletableFuture<>();
        first.onNodeLeft(left::complete);
        try {
            assertThat(second.size()).isEqualTo(2);
            var address = Addresses.batcher("r1");
            await(Bus.of(second.vertx())
                    .answer(address, request -> Future.<Admission>succeededFuture(new Admitted(request.attempt()))));
            var request = new GenerateRequest(
                    "q", 1, "local", "n", TokenIds.of(1, 2), 1, SamplingParams.greedy(4, TokenIds.EMPTY));

            Admission answer = await(Bus.of(first.vertx()).request(address, request, Duration.ofSeconds(5)));

            assertThat(answer).isEqualTo(new Admitted(request.attempt()));
        } finally {
            await(second.leave());
        }
        assertThat(left.get(10, TimeUnit.SECONDS)).isEqualTo(second.nodeId());
        await(first.leave());
    }

    @Test
    void whatFailsOfAMemberThatWasCutOffSaysThatItMayStartAnew() throws Exception {
        Cluster cluster = await(Cluster.start(options(15801, List.of()), new VertxOptions()));
        RuntimeException another = new IllegalStateException("another");
        assertThat(cluster.explained(another)).isSameAs(another);

        ((LifecycleServiceImpl) cluster.hazelcast().getLifecycleService()).fireLifecycleEvent(LifecycleState.MERGING);

        assertThatThrownBy(() -> await(Bus.of(cluster.vertx())
                        .answer(Addresses.batcher("r1"), request -> Future.failedFuture("never asked"))))
                .isInstanceOfSatisfying(ExecutionException.class, failed -> assertThat(
                                cluster.explained((RuntimeException) failed.getCause()))
                        .isInstanceOf(CutOffException.class)
                        .hasCause(failed.getCause()));
        await(cluster.cutOff());
        await(cluster.leave());
    }

    @Test
    void aMalformedJoinAddressIsNamed() {
        assertThatThrownBy(() -> options(5701, List.of("a:b:c")))
                .hasMessageContaining("--join takes host:port, not \"a:b:c\"");
    }

    private static ClusterOptions options(int port, List<String> join) {
        return new ClusterOptions("127.0.0.1", port, true, join, "cluster-test");
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
