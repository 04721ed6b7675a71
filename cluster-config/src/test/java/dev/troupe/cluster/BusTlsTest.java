package dev.troupe.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.StreamProbe;
import dev.troupe.cluster.message.StreamState;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BusTlsTest {
    private static final StreamProbe QUESTION = new StreamProbe(new Attempt("q", 1));
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    @Test
    void membersOfOneAuthorityTalkAndWhoeverHasAnotherOrNoneGetsNothing() throws Exception {
        Certificates authority = new Certificates(folder.resolve("ours"));
        Certificates another = new Certificates(folder.resolve("another"));
        try (Members members = new Members()) {
            Cluster first = members.start(secured(18101, Discovery.ALONE, authority.issue("one")));
            Cluster second = members.start(secured(18131, Members.at(first), authority.issue("two")));
            Cluster stranger = members.start(secured(18151, Members.at(first), another.issue("three")));
            Cluster plain = members.start(Members.options("127.0.0.1", 18171, Members.at(first)));
            assertThat(plain.size()).as("Hazelcast lets them all in").isEqualTo(4);
            answers(first, "of-first");
            BlockingQueue<Cancel> strangers = hears(stranger, "stranger");
            BlockingQueue<Cancel> plains = hears(plain, "plain");

            assertThat(ask(second, "of-first").succeeded()).isTrue();

            assertThat(ask(stranger, "of-first").failed()).isTrue();
            assertThat(ask(plain, "of-first").failed()).isTrue();
            for (String to : new String[] {"stranger", "plain"}) {
                Bus.of(first.vertx()).send(Addresses.cancel(to), new Cancel(new Attempt("secret", 1)));
            }
            assertThat(strangers.poll(2, TimeUnit.SECONDS)).isNull();
            assertThat(plains.poll(1, TimeUnit.SECONDS)).isNull();
            assertThat(ask(second, "of-first").succeeded()).as("afterwards").isTrue();
        }
    }

    private static ClusterOptions secured(int port, Discovery discovery, BusTls tls) {
        return Members.with(
                Members.options("127.0.0.1", port, discovery),
                new ClusterOptions.Bus(0, Optional.empty(), Optional.of(tls)));
    }

    private static void answers(Cluster member, String at) {
        Members.await(Bus.of(member.vertx())
                .answer(
                        Addresses.probe(at),
                        probe -> Future.succeededFuture(new StreamState(StreamState.Status.ALIVE))));
    }

    private static BlockingQueue<Cancel> hears(Cluster member, String at) {
        BlockingQueue<Cancel> heard = new LinkedBlockingQueue<>();
        Members.await(Bus.of(member.vertx()).consume(Addresses.cancel(at), heard::add));
        return heard;
    }

    private static Future<StreamState> ask(Cluster member, String at) {
        Future<StreamState> answer = Bus.of(member.vertx()).request(Addresses.probe(at), QUESTION, TIMEOUT);
        Members.until("an outcome", answer::isComplete);
        return answer;
    }

    @Test
    void filesThatAreNotWhatTheyShouldBeAreNamed() throws Exception {
        BusTls right = new Certificates(folder).issue("one");
        Path nonsense = Files.writeString(folder.resolve("nonsense.pem"), "nonsense");
        Path missing = folder.resolve("missing.pem");

        assertThatThrownBy(() -> new BusTls(missing, right.key(), right.authority()))
                .hasMessageContaining("--bus-cert")
                .hasMessageContaining("missing.pem");
        assertThatThrownBy(() -> new BusTls(right.certificate(), right.key(), nonsense))
                .hasMessageContaining("--bus-ca")
                .hasMessageContaining("nonsense.pem");
        assertThatThrownBy(() -> new BusTls(right.certificate(), right.certificate(), right.authority()))
                .hasMessageContaining("--bus-key")
                .hasMessageContaining("no private key");
    }
}
